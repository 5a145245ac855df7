//! What the rules rely on when they read tokens.

use super::*;

fn lex(text: &str) -> RustFile {
    RustFile::lex(text).unwrap()
}

fn joined(file: &RustFile) -> Vec<String> {
    file.paths().into_iter().map(|path| path.segments.join("::")).collect()
}

#[test]
fn use_trees_are_read_leaf_by_leaf() {
    let file = lex("use a::{b::C as D, e::{F, *}, self};\npub(crate) use g;\nuse ::std::fmt;");
    assert_eq!(joined(&file), ["a::b::C", "a::e::F", "a::e::*", "a::self", "g", "std::fmt"]);
    assert!(file.paths().iter().all(|path| path.imported));
}

#[test]
fn paths_in_expressions_types_and_macros_are_read() {
    let file = lex("fn f(x: a::B) -> c::D<e::F> { x.go(); vec![g::h(), <I as j::K>::l()]; ::m::n() }");
    assert_eq!(joined(&file), ["a::B", "c::D", "e::F", "g::h", "j::K", "m::n"]);
}

#[test]
fn functions_are_measured_from_fn_to_brace() {
    let file =
        lex("#[test]\nfn one(\n  f: fn(u8) -> u8,\n) {\n  fn two() {}\n}\ntrait T { fn three(&self); }");
    let found: Vec<(String, usize, usize)> =
        file.functions().into_iter().map(|f| (f.name, f.line, f.lines)).collect();
    assert_eq!(found, [("one".to_owned(), 2, 5), ("two".to_owned(), 5, 1)]);
}

#[test]
fn test_items_are_known() {
    let file = lex("use a::b;\n#[cfg(test)]\nmod tests { use c::d; }\n#[cfg(test)]\nuse e::f;\nuse g::h;");
    let tests: Vec<bool> = file.paths().iter().map(|path| file.is_test(path.at)).collect();
    assert_eq!(tests, [false, true, true, false]);
}

#[test]
fn statements_have_ends() {
    let file = lex("fn f() { one(); let x = two(a, { b; c }).three(); four() }");
    let at = |word: &str| (0..).find(|&i| file.word(i, word)).unwrap();
    let (start, end) = (file.statement_start(at("two")), file.statement_end(at("two")));
    assert!(file.word(start, "let"));
    assert!((start..end).contains(&at("three")) && !(start..end).contains(&at("four")));
    assert!(file.word(file.statement_start(at("a")), "let"), "an argument belongs to its statement");
    assert_eq!(file.statement_end(at("four")), file.tokens().len() - 1);
}

#[test]
fn doc_comments_are_no_literals() {
    let file = lex("//! select 1 from x\n/// y\n#[doc = \"z\"]\nconst A: &str = \"real\";");
    let strings: Vec<&str> = file.tokens().iter().filter_map(Token::string).collect();
    assert_eq!(strings, ["real"]);
}

#[test]
fn strings_of_every_kind_are_opened() {
    let file = lex(r####"f("a", r"b", r##"c "#" d"##, b"e", 'f', 1, "")"####);
    let strings: Vec<&str> = file.tokens().iter().filter_map(Token::string).collect();
    assert_eq!(strings, ["a", "b", "c \"#\" d", "e", ""]);
}

#[test]
fn modules_are_known_by_name_and_around() {
    let file = lex("mod far;\nmod near { mod inner { fn f() {} } }");
    assert_eq!(file.declared_modules().into_iter().collect::<Vec<_>>(), ["far", "inner", "near"]);
    let at = (0..).find(|&i| file.word(i, "fn")).unwrap();
    assert_eq!(file.modules_around(at).collect::<Vec<_>>(), ["near", "inner"]);
}

#[test]
fn an_unclosed_bracket_is_no_rust() {
    assert!(RustFile::lex("fn f() {").is_none());
}
