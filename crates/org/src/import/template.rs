//! The workbooks that a city fills in.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, Note, Workbook, Worksheet,
    XlsxError,
};

use super::sheet::ROWS_MAX;
use super::{Column, Form, ImportKind};
use crate::city::City;

/// Width of columns, in characters.
const WIDTH: f64 = 16.0;

/// The template of a kind: the sheet to fill in, examples, what to write, and the city's codes.
pub(crate) fn workbook(city: &City, kind: ImportKind) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = head();
    let columns = kind.columns();
    form_of(book.add_worksheet().set_name(kind.sheet_name())?, columns)?;
    examples(book.add_worksheet().set_name("示例")?, columns, &head)?;
    hints(book.add_worksheet().set_name("填写说明")?, kind, &head)?;
    codes(book.add_worksheet().set_name("代码")?, city, &head)?;
    book.save_to_buffer()
}

/// How headings look.
fn head() -> Format {
    Format::new().set_bold().set_background_color(Color::RGB(0x00E8_EEF5)).set_align(FormatAlign::Center)
}

fn headings(sheet: &mut Worksheet, columns: &[Column], head: &Format) -> Result<(), XlsxError> {
    for (at, column) in (0_u16..).zip(columns) {
        let star = if column.required { "*" } else { "" };
        sheet.write_string_with_format(0, at, format!("{}{star}", column.name), head)?;
        sheet.set_column_width(at, WIDTH)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// The sheet to fill in, below its headings.
pub(super) fn form_of(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    let head = &head();
    let text = Format::new().set_num_format("@");
    let date = Format::new().set_num_format("yyyy-mm-dd");
    headings(sheet, columns, head)?;
    for (at, column) in (0_u16..).zip(columns) {
        // Codes stay as they are typed: a number would lose its zeros and everything after fifteen digits.
        let format = if column.form == Form::Date { &date } else { &text };
        sheet.set_column_format(at, format)?;
        sheet.insert_note(0, at, &Note::new(column.hint).set_author(""))?;
        if let Form::Words(words) = column.form {
            let rule = DataValidation::new()
                .allow_list_strings(words)?
                .set_error_style(DataValidationErrorStyle::Stop)
                .set_error_title(column.name)?
                .set_error_message("请从下拉列表中选择")?;
            sheet.add_data_validation(1, at, ROWS_MAX, at, &rule)?;
        }
    }
    Ok(())
}

fn examples(sheet: &mut Worksheet, columns: &[Column], head: &Format) -> Result<(), XlsxError> {
    headings(sheet, columns, head)?;
    for (at, column) in (0_u16..).zip(columns) {
        for (row, example) in (1_u32..).zip(column.examples) {
            sheet.write_string(row, at, example)?;
        }
    }
    Ok(())
}

fn hints(sheet: &mut Worksheet, kind: ImportKind, head: &Format) -> Result<(), XlsxError> {
    for (at, (name, width)) in (0_u16..).zip([("列", 16.0), ("必填", 8.0), ("怎么填", 90.0)]) {
        sheet.write_string_with_format(0, at, name, head)?;
        sheet.set_column_width(at, width)?;
    }
    for (row, column) in (1_u32..).zip(kind.columns()) {
        sheet.write_string(row, 0, column.name)?;
        sheet.write_string(row, 1, if column.required { "是" } else { "" })?;
        sheet.write_string(row, 2, column.hint)?;
    }
    let after = u32::try_from(kind.columns().len()).unwrap_or_default() + 2;
    let general = [
        format!("只读取“{}”这一张表；“示例”“填写说明”“代码”不会导入。", kind.sheet_name()),
        "不要合并单元格，不要写公式；文字前后不要留空格；日期请用日期格式，编码请用文本格式。".to_owned(),
        match kind {
            ImportKind::Matrix => {
                "这张表是完整清单：系统中已有而表中没有的行，导入后会删除（预览中会列出）。".to_owned()
            }
            ImportKind::People => "表中某人的角色就是他的全部角色；表中没有的人不受影响。".to_owned(),
            ImportKind::Units => "表中没有的单位不受影响；要删除请在“状态”列填“撤销”。".to_owned(),
        },
        "上传后先预览差异和错误，确认后才生效；生效后可以撤回。".to_owned(),
    ];
    for (row, line) in (after..).zip(&general) {
        sheet.write_string(row, 2, line)?;
    }
    Ok(())
}

fn codes(sheet: &mut Worksheet, city: &City, head: &Format) -> Result<(), XlsxError> {
    let units = city.units().map(|unit| (unit.code.clone(), unit.name.clone()));
    let places = city.areas().map(|area| (area.code(), city.area_path(area)));
    let classes = city.classes().iter().map(|class| (class.code.to_string(), class.name.clone()));
    let lists: [(&str, Vec<(String, String)>); 3] =
        [("单位", units.collect()), ("区域", places.collect()), ("类别", classes.collect())];
    for (column, (name, list)) in (0_u16..).step_by(3).zip(lists) {
        sheet.write_string_with_format(0, column, format!("{name}编码"), head)?;
        sheet.write_string_with_format(0, column + 1, format!("{name}名称"), head)?;
        sheet.set_column_width(column, 20.0)?;
        sheet.set_column_width(column + 1, 30.0)?;
        for (row, (code, text)) in (1_u32..).zip(list) {
            sheet.write_string(row, column, code)?;
            sheet.write_string(row, column + 1, text)?;
        }
    }
    Ok(())
}
