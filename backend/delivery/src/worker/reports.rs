//! Reports of gateways that do not send them by themselves.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::SignedDuration;
use portique_domain::sms::{AwaitedReport, Reported, SmsGateway, asked_next};
use portique_domain::store::StoreError;

use super::Means;

/// Reports asked for in one round; the others wait for the next, some seconds later.
const AT_ONCE: u64 = 20;

/// Another server asks for the same report no sooner.
const HELD: SignedDuration = SignedDuration::from_mins(2);

impl Means {
    /// Asks the gateway for the reports that are due, where it is one that is to be asked.
    pub(super) async fn ask_for_reports(&self, stop: &AtomicBool) -> Result<(), StoreError> {
        let Some(sms) = self.sms.as_ref().filter(|sms| sms.gateway.is_to_be_asked()) else {
            return Ok(());
        };
        let now = self.tools.clock.now();
        let mut unit = self.tools.store.begin().await?;
        let awaited = unit.take_awaited_reports(now, now + HELD, AT_ONCE).await?;
        unit.commit().await?;
        for report in awaited {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            self.ask(sms.gateway.as_ref(), &report).await?;
        }
        Ok(())
    }

    async fn ask(&self, gateway: &dyn SmsGateway, awaited: &AwaitedReport) -> Result<(), StoreError> {
        let now = self.tools.clock.now();
        let told = gateway
            .ask(&awaited.gateway_id, now)
            .await
            .unwrap_or_else(|error| {
                tracing::warn!(id = %awaited.id, %error, "an SMS's report can't be had");
                None
            });
        let mut unit = self.tools.store.begin().await?;
        if let Some(report) = told {
            let reported = Reported { report, at: now };
            unit.save_report(awaited.id, &reported).await?;
        } else {
            let next = asked_next(awaited.created_at, now);
            unit.ask_report_at(awaited.id, next).await?;
        }
        unit.commit().await
    }
}
