//! 上报: a problem comes in. The intake clock starts at its receipt (domain.md §1.6).

use kernel::rights::{Right, Target};
use kernel::time::{DAY_MS, MINUTE_MS, Time};

use crate::errors::CaseError;
use crate::model::{Act, Dims, Event, PersonalField, Policy, Reported, Source};

use super::command::Report;
use super::facts::{By, Facts};
use super::proof;

/// How far a device's clock may run ahead of ours.
const AHEAD_MS: i64 = 10 * MINUTE_MS;
/// How long ago a device may have taken a problem down before it found a network.
const BACK_MS: i64 = 30 * DAY_MS;

/// May this caller bring in a problem of this channel, there?
fn may(report: &Report, facts: &Facts<'_>) -> Result<(), CaseError> {
    let as_resident = report.source == Source::Resident;
    match facts.by {
        By::Resident if as_resident => Ok(()),
        By::Staff(_) if !as_resident => {
            let target = Target { area: report.area, unit: None };
            facts.by.staff_with(Right::CaseReport, &target, Act::Report).map(|_| ())
        }
        By::Resident | By::Staff(_) => Err(CaseError::SourceNotYours { source_given: report.source }),
        By::Timer => Err(CaseError::NotAllowed { act: Act::Report }),
    }
}

/// Is it a class of the catalogue, or the stand-in where the channel may leave the class to the acceptor?
fn class(report: &Report, policy: &Policy, facts: &Facts<'_>) -> Result<(), CaseError> {
    if facts.catalogue.unclassed(report.class).is_some() {
        return if policy.unclassed {
            Ok(())
        } else {
            Err(CaseError::ClassNeeded { source_given: report.source })
        };
    }
    match facts.catalogue.class(report.class) {
        Some(_) => Ok(()),
        None => Err(CaseError::ClassUnknown { class: report.class.to_string() }),
    }
}

pub(super) fn decide(report: &Report, facts: &Facts<'_>) -> Result<Event, CaseError> {
    may(report, facts)?;
    let policy = facts.policies.of(report.source, facts.at);
    class(report, policy, facts)?;
    // A code of a village is no way to find a heap of rubbish in it.
    let told = |field| report.personal.contains_key(&field);
    if !told(PersonalField::Point) && !told(PersonalField::Address) {
        return Err(CaseError::PlaceWordsMissing);
    }
    if report.device_at.is_some_and(|told| !plausible(told, facts.at)) {
        return Err(CaseError::DeviceTime { now: facts.at });
    }
    proof::count(report.photos.len(), policy.report_photos_least, policy.photos_most)?;
    if report.photos.is_empty() && !report.personal.contains_key(&PersonalField::Description) {
        return Err(CaseError::NothingSaid);
    }
    Ok(Event::Reported(Reported {
        at: facts.at,
        case: report.case,
        number: report.number.clone(),
        dims: Dims {
            source: report.source,
            class: report.class,
            area: report.area,
            cell: report.cell,
            unit: None,
        },
        device_at: report.device_at,
        personal: report.personal.clone(),
        photos: report.photos.clone(),
        receipt: report.receipt.clone().filter(|_| policy.receipt),
        pre_verify: policy.pre_verify,
        intake_limit: policy.intake_limit,
        intake_due_at: facts.calendar.due_at(facts.at, policy.intake_limit),
        snapshots: facts.snapshots,
    }))
}

/// Can a device have taken down at `told` what arrives now? What it says stays in the journal for ever.
fn plausible(told: Time, now: Time) -> bool {
    (now.plus_ms(-BACK_MS)..=now.plus_ms(AHEAD_MS)).contains(&told)
}
