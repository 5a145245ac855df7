mod clean;
mod fold;
mod hidden;

use super::*;

#[test]
fn single_fields_are_masked() {
    for (phone, masked) in [
        ("13812341234", "138****1234"),
        (" 138 1234 1234 ", "138****1234"),
        ("0510-86881234", "051****1234"),
        ("86881234", "****34"),
        ("12345", "****"),
        ("", ""),
    ] {
        assert_eq!(mask_phone(phone), masked, "{phone}");
    }
    for (name, masked) in [("王小梅", "王*"), ("张三", "张*"), (" 李 ", "李*"), ("John", "J*"), ("", "")]
    {
        assert_eq!(mask_name(name), masked, "{name}");
    }
    assert_eq!(mask_id_number("32028119900101123X", 1), "3****************X");
    assert_eq!(mask_id_number("32028119900101123X", 4), "3*************123X");
    assert_eq!(mask_id_number("32028119900101123X", 99), "3*************123X");
    assert_eq!(mask_id_number("3202", 1), "****");
    assert_eq!(mask_id_number("", 1), "");
    assert_eq!(mask_plate("苏B12345"), "苏B*****");
    assert_eq!(mask_plate("苏"), "苏");
}
