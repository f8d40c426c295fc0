//! Reports in the database in memory.

use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::sms::{AwaitedReport, Reported, SmsReports};
use portique_domain::store::StoreResult;
use uuid::Uuid;

use crate::unit_of_work::MemoryUnit;

#[async_trait]
impl SmsReports for MemoryUnit {
    async fn note_accepted_sms(
        &mut self,
        id: Uuid,
        gateway_id: Option<&str>,
        _: Timestamp,
        ask_at: Option<Timestamp>,
    ) -> StoreResult<()> {
        let message = self.rows.messages.iter().find(|message| message.id == id);
        if let (Some(message), Some(gateway_id), Some(at)) = (message, gateway_id, ask_at) {
            let report = AwaitedReport {
                id,
                gateway_id: gateway_id.to_owned(),
                created_at: message.created_at,
            };
            self.rows.awaited.push((report, at));
        }
        Ok(())
    }

    async fn save_report(&mut self, id: Uuid, reported: &Reported) -> StoreResult<bool> {
        self.rows.awaited.retain(|(report, _)| report.id != id);
        let message = self.rows.messages.iter_mut().find(|message| message.id == id);
        Ok(message.is_some_and(|message| {
            message.reported = Some(reported.clone());
            true
        }))
    }

    async fn take_awaited_reports(
        &mut self,
        now: Timestamp,
        again_at: Timestamp,
        _: u64,
    ) -> StoreResult<Vec<AwaitedReport>> {
        let due = self.rows.awaited.iter_mut().filter(|(_, at)| *at <= now);
        Ok(due
            .map(|(report, at)| {
                *at = again_at;
                report.clone()
            })
            .collect())
    }

    async fn ask_report_at(&mut self, id: Uuid, next: Option<Timestamp>) -> StoreResult<()> {
        let rows = &mut self.rows.awaited;
        match next {
            Some(next) => rows
                .iter_mut()
                .filter(|(report, _)| report.id == id)
                .for_each(|(_, at)| *at = next),
            None => rows.retain(|(report, _)| report.id != id),
        }
        Ok(())
    }
}
