//! `youju verify`: every chain, commitment, row, receipt and photo. Names what is broken; exit code 1 if anything is.

use std::process::ExitCode;

use platform::Ctx;
use platform::db::Fault;
use platform::journal::{Erased, Finding};

use crate::cli::Store;
use crate::house::House;

/// Opens the data for looking only and checks them.
pub(crate) async fn run(store: Store) -> ExitCode {
    let ctx = match House::look(store).await {
        Ok(ctx) => ctx,
        Err(error) => {
            eprintln!("youju: {error}");
            return ExitCode::from(2);
        }
    };
    let checked = check(&ctx).await;
    let erased = erased(&ctx).await;
    // Closed in order, so that an SQLite file at rest is left as it was found, without files beside it.
    if let Err(fault) = ctx.db.close().await {
        tracing::warn!(%fault, "the database was not closed");
    }
    match checked.and_then(|findings| Ok((findings, erased?))) {
        Ok((findings, erased)) => report(&findings, &erased),
        Err(fault) => {
            eprintln!("youju: {fault}");
            ExitCode::from(2)
        }
    }
}

/// All findings of the home city, sorted by record.
pub(crate) async fn check(ctx: &Ctx) -> Result<Vec<Finding>, Fault> {
    let city = ctx.home_city;
    let mut findings = platform::journal::verify_sequence(ctx, city).await?;
    findings.extend(platform::auth::verify(ctx, city).await?);
    findings.extend(platform::files::verify(ctx, city).await?);
    findings.extend(org::verify(ctx, city).await?);
    findings.extend(cases::verify(ctx, city).await?);
    findings.sort();
    Ok(findings)
}

/// What was erased in the home city, sorted by record.
async fn erased(ctx: &Ctx) -> Result<Vec<Erased>, Fault> {
    let city = ctx.home_city;
    let mut erased = platform::files::erased(ctx, city).await?;
    erased.extend(org::erased(ctx, city).await?);
    erased.extend(cases::erased(ctx, city).await?);
    erased.sort();
    Ok(erased)
}

fn report(findings: &[Finding], erased: &[Erased]) -> ExitCode {
    for Erased { record, name, what, at } in erased {
        println!("{record} {name}: 已依法删除 {what} (erased) [{}]", at.minute_text());
    }
    if !erased.is_empty() {
        println!(
            "其中 {} 项个人信息已依法删除，不是改动 ({} erasures, not changes)",
            erased.len(),
            erased.len()
        );
    }
    for finding in findings {
        println!("{} {}: {} [{}]", finding.record, finding.name, finding.flaw.words(), finding.place);
    }
    if findings.is_empty() {
        println!("校验通过：所有记录、回执和照片与其历史一致 (verified: nothing broken)");
        println!(
            "未覆盖：删除最新事件、删除整个案件、内部人员重算整条链，需与外部封存值比对 (see docs/operations.md)"
        );
        ExitCode::SUCCESS
    } else {
        println!("共发现 {} 处问题 ({} findings)", findings.len(), findings.len());
        ExitCode::FAILURE
    }
}
