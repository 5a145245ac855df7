//! What waits for the administrator: a workbook with new units that was uploaded and read, and that nobody has applied.

use kernel::id::UserId;
use org::{ImportKind, Org};
use rust_xlsxwriter::{Workbook, XlsxError};

use crate::cast::{CITY, PERSONAS};
use crate::create::DemoError;

/// What the file is called in the list of imports.
const FILE_NAME: &str = "周庄镇新设单位（演示）.xlsx";
/// Headings, then units that the city does not have.
const SHEET: [[&str; 5]; 3] = [
    ["单位编码", "单位名称", "简称", "类型", "所在区域编码"],
    ["108-WYB", "周庄镇物业管理服务中心（演示）", "周庄物业中心", "机构", "320281108"],
    ["108-TCB", "周庄镇停车管理服务中心（演示）", "周庄停车中心", "机构", "320281108"],
];

/// Uploads the workbook, as the page of imports does.
pub(crate) async fn plant(org: &Org) -> Result<(), DemoError> {
    let bytes = workbook().map_err(|error| DemoError::Workbook(error.to_string()))?;
    let admin = PERSONAS.iter().find(|persona| persona.key == "admin").map_or(UserId(0), |admin| admin.user);
    org.prepare_import(CITY, admin, ImportKind::Units, FILE_NAME, bytes).await?;
    Ok(())
}

fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(ImportKind::Units.sheet_name())?;
    for (row, cells) in (0_u32..).zip(SHEET) {
        for (column, text) in (0_u16..).zip(cells) {
            sheet.write_string(row, column, text)?;
        }
    }
    book.save_to_buffer()
}
