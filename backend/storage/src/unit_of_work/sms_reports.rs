use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::sms::{AwaitedReport, Reported, SmsReports};
use portique_domain::store::StoreResult;
use uuid::Uuid;

use super::Transaction;
use crate::repositories::sms_reports;

#[async_trait]
impl SmsReports for Transaction {
    async fn note_accepted_sms(
        &mut self,
        id: Uuid,
        gateway_id: Option<&str>,
        at: Timestamp,
        ask_at: Option<Timestamp>,
    ) -> StoreResult<()> {
        sms_reports::note_accepted(&self.0, id, gateway_id, at, ask_at).await
    }

    async fn save_report(&mut self, id: Uuid, reported: &Reported) -> StoreResult<bool> {
        sms_reports::save(&self.0, id, reported).await
    }

    async fn take_awaited_reports(
        &mut self,
        now: Timestamp,
        again_at: Timestamp,
        limit: u64,
    ) -> StoreResult<Vec<AwaitedReport>> {
        sms_reports::take_awaited(&self.0, now, again_at, limit).await
    }

    async fn ask_report_at(&mut self, id: Uuid, at: Option<Timestamp>) -> StoreResult<()> {
        sms_reports::ask_at(&self.0, id, at).await
    }
}
