//! Invented people and companies.

use crate::dice::Dice;
use std::collections::HashSet;

/// Frequent surnames; the first ones are drawn more often.
const SURNAMES: [&str; 64] = [
    "陈", "徐", "张", "王", "李", "周", "吴", "赵", "缪", "刘", "沈", "许", "顾", "黄", "陆", "朱", "金",
    "钱", "薛", "高", "蒋", "曹", "夏", "贡", "包", "孙", "杨", "何", "胡", "章", "谢", "邓", "苏", "卞",
    "费", "花", "吕", "季", "汤", "叶", "戴", "施", "任", "唐", "殷", "丁", "毛", "殳", "郁", "葛", "邵",
    "严", "石", "宋", "冯", "韩", "袁", "方", "俞", "柳", "承", "庄", "龚", "祝",
];
const FIRST: [&str; 60] = [
    "建", "晓", "文", "志", "海", "雪", "春", "秋", "丽", "国", "永", "玉", "佳", "俊", "思", "子", "梦",
    "雨", "欣", "明", "振", "立", "少", "红", "美", "桂", "云", "德", "宏", "卫", "冬", "静", "婷", "浩",
    "宇", "博", "若", "诗", "一", "亦", "景", "伟", "庆", "惠", "素", "兰", "凤", "正", "学", "世", "天",
    "书", "乐", "可", "彦", "嘉", "煜", "锦", "沐", "芷",
];
const SECOND: [&str; 60] = [
    "华", "明", "芳", "强", "平", "军", "琴", "良", "英", "峰", "燕", "萍", "林", "杰", "敏", "涛", "霞",
    "洁", "刚", "莉", "东", "芬", "清", "龙", "娟", "超", "宁", "辉", "红", "忠", "怡", "轩", "涵", "然",
    "妍", "彤", "阳", "凯", "晨", "岚", "生", "根", "兴", "初", "珍", "娣", "宝", "泉", "贤", "仁", "康",
    "悦", "航", "逸", "菲", "琳", "瑶", "翔", "南", "北",
];
const COMPANY_WORDS: [&str; 24] = [
    "澄洁",
    "暨丰",
    "江畔",
    "绿源",
    "鸿安",
    "锦程",
    "瑞泽",
    "恒信",
    "明远",
    "嘉禾",
    "天成",
    "远航",
    "清源",
    "安泰",
    "乐居",
    "融和",
    "百顺",
    "春晖",
    "金穗",
    "永固",
    "启明",
    "同心",
    "长青",
    "汇丰园",
];

/// An invented person.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Person {
    /// Surname and given name, two or three characters.
    pub name: String,
    /// 11 digits of the block 199 0000 xxxx, which the demo treats as never assigned.
    pub phone: String,
}

/// Gives out persons; up to 10 000 of them no name and no telephone number twice.
#[derive(Debug, Clone)]
pub struct Crowd {
    dice: Dice,
    names: HashSet<String>,
    given: u32,
    offset: u32,
}

/// After so many names that were all taken a repeat is accepted: only a crowd of hundreds of thousands gets there.
const NAME_TRIES: usize = 64;

/// Telephone numbers in the block 199 0000 xxxx.
const PHONES: u32 = 10_000;

impl Crowd {
    /// An empty crowd.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed).fork("crowd");
        let offset = dice.below(PHONES as usize) as u32;
        Self { dice, names: HashSet::new(), given: 0, offset }
    }

    /// The next person. Telephone numbers begin again after 10 000 persons; there are some 230 000 names.
    pub fn person(&mut self) -> Person {
        let mut name = draw_name(&mut self.dice);
        for _ in 0..NAME_TRIES {
            if self.names.insert(name.clone()) {
                break;
            }
            name = draw_name(&mut self.dice);
        }
        // 7 919 is prime to 10 000: the steps visit every number once before the first one comes again.
        let number = (self.offset + self.given.wrapping_mul(7_919)) % PHONES;
        self.given = (self.given + 1) % PHONES;
        Person { name, phone: format!("1990000{number:04}") }
    }
}

fn draw_name(dice: &mut Dice) -> String {
    // The smaller of two draws: the first surnames come more often.
    let index = dice.below(SURNAMES.len()).min(dice.below(SURNAMES.len()));
    let surname = SURNAMES.get(index).copied().unwrap_or_default();
    let second = dice.pick(&SECOND);
    if dice.chance(0.16) {
        format!("{surname}{second}")
    } else {
        format!("{surname}{}{second}", dice.pick(&FIRST))
    }
}

/// The name of an invented company of a trade: 澄洁环卫服务有限公司（演示）.
///
/// `number` tells companies of one trade apart: numbers 0 to 23 give different names.
pub fn company_name(trade: &str, number: usize) -> String {
    let turn = trade.chars().map(|c| c as usize).sum::<usize>();
    let word = COMPANY_WORDS.get((turn + number) % COMPANY_WORDS.len()).copied().unwrap_or_default();
    format!("{word}{trade}有限公司（演示）")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_comes_twice_and_numbers_are_recognisably_invented() {
        let mut crowd = Crowd::new(1);
        let people: Vec<Person> = (0..9_000).map(|_| crowd.person()).collect();
        let names: HashSet<&str> = people.iter().map(|p| p.name.as_str()).collect();
        let phones: HashSet<&str> = people.iter().map(|p| p.phone.as_str()).collect();
        assert_eq!((names.len(), phones.len()), (9_000, 9_000));
        assert!(people.iter().all(|p| p.phone.len() == 11 && p.phone.starts_with("1990000")));
        assert!(people.iter().all(|p| (2..=3).contains(&p.name.chars().count())));
    }

    #[test]
    fn companies_of_a_trade_differ() {
        let names: HashSet<String> = (0..24).map(|n| company_name("物业服务", n)).collect();
        assert_eq!(names.len(), 24);
        assert!(names.iter().all(|n| n.ends_with("（演示）")));
    }
}
