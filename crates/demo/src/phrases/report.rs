//! How reports are worded, channel by channel.

use super::troubles::{Theme, trouble};
use super::{Channel, Occasion};
use crate::dice::Dice;
use crate::geography::{Landmark, LandmarkKind};

const OPENERS: [&str; 14] = [
    "",
    "",
    "",
    "你好，",
    "您好！",
    "麻烦管一下，",
    "又来反映了，",
    "随手反映一下，",
    "那个，",
    "求助：",
    "想问问，",
    "管管吧，",
    "反映个事，",
    "路过看到的，",
];
const TIMES: [&str; 18] = [
    "这两天",
    "从上周开始",
    "今天早上",
    "昨天晚上",
    "一到下雨天",
    "放学那会儿",
    "晚上下班路过",
    "买菜回来看到",
    "已经三四天了",
    "快半个月了",
    "周末",
    "每天早高峰",
    "每天中午",
    "天天这样",
    "刚刚",
    "前天就这样了",
    "送孩子上学路过",
    "遛弯看见",
];
const ASKS: [&str; 16] = [
    "能不能派人来看看",
    "麻烦尽快处理一下",
    "谢谢！",
    "希望有人管",
    "拜托了",
    "什么时候能弄好？",
    "请处理",
    "等回复",
    "辛苦了",
    "照片拍了，自己看",
    "打过电话也没人来",
    "希望别再拖了",
    "帮忙转给负责的单位",
    "感谢感谢",
    "真心希望改善",
    "",
];
const SIDES: [&str; 14] = [
    "门口",
    "旁边",
    "对面",
    "东侧",
    "西侧",
    "北边",
    "南边",
    "拐角",
    "后面",
    "往东50米",
    "入口处",
    "附近",
    "斜对面",
    "边上",
];
const INSIDE: [&str; 8] = ["里面", "东门", "北门", "西边", "靠南", "中间", "入口", "最里面"];

/// The text of a report of a class (`E0110`, `P0137`) at a place, in the tone of a channel.
///
/// A class that the demo does not know is worded in general terms. No end of line, no markup; at most some 160
/// characters.
pub fn report_text(
    channel: Channel,
    class_code: &str,
    landmark: &Landmark,
    occasion: Occasion,
    dice: &mut Dice,
) -> String {
    let known = trouble(class_code);
    let words = Words {
        short: known.map_or("存在问题", |t| occasion.pick(&t.short, dice)),
        plain: known.map_or("这里有问题没人管", |t| occasion.pick(&t.plain, dice)),
        formal: known.map_or("现场存在市容环境问题", |t| occasion.pick(&t.formal, dice)),
        theme: known.map_or(Theme::Looks, |t| t.theme),
        occasion,
    };
    match channel {
        Channel::Resident => resident(&words, landmark, dice),
        Channel::Inspector => inspector(&words, landmark, dice),
        Channel::Hotline => hotline(&words, landmark, dice),
        Channel::Patrol => patrol(&words, landmark, dice),
        Channel::Inspection => inspection(&words, landmark, dice),
    }
}

struct Words {
    short: &'static str,
    plain: &'static str,
    formal: &'static str,
    theme: Theme,
    occasion: Occasion,
}

/// Where exactly: 门口, 东侧; inside for places that have an inside.
fn side(landmark: &Landmark, dice: &mut Dice) -> &'static str {
    match landmark.kind {
        LandmarkKind::Market
        | LandmarkKind::Residential
        | LandmarkKind::Park
        | LandmarkKind::Parking
        | LandmarkKind::Toilet
            if dice.chance(0.5) =>
        {
            dice.pick(&INSIDE)
        }
        LandmarkKind::Border => "",
        LandmarkKind::Market
        | LandmarkKind::School
        | LandmarkKind::Station
        | LandmarkKind::Residential
        | LandmarkKind::Street
        | LandmarkKind::Park
        | LandmarkKind::Construction
        | LandmarkKind::Toilet
        | LandmarkKind::Clinic
        | LandmarkKind::Shops
        | LandmarkKind::Riverside
        | LandmarkKind::Parking => dice.pick(&SIDES),
    }
}

fn inspector(words: &Words, landmark: &Landmark, dice: &mut Dice) -> String {
    let (name, short) = (&landmark.name, words.short);
    let side = side(landmark, dice);
    let count = dice.below(5) + 2;
    match dice.below(8) {
        0 => format!("{name}{short}"),
        1 => format!("{name}{short}，约{count}处"),
        2 => format!("{name}{side}，{short}"),
        3 => format!("{short}，{name}{side}"),
        4 => format!("{name}{side}{short}{count}处"),
        _usual => format!("{name}{side}{short}"),
    }
}

fn resident(words: &Words, landmark: &Landmark, dice: &mut Dice) -> String {
    let name = &landmark.name;
    let side = side(landmark, dice);
    let place = match dice.below(6) {
        0 => format!("我们{name}这边"),
        1 => format!("就在{name}{side}"),
        2 => format!("{name}{side}那块"),
        3 => format!("位置是{name}{side}"),
        _usual => format!("{name}{side}"),
    };
    let said = words.occasion;
    let (opener, time, ask) = (dice.pick(&OPENERS), said.pick(&TIMES, dice), said.pick(&ASKS, dice));
    let harm = said.pick(harms(words.theme), dice);
    let plain = words.plain;
    let text = match dice.below(7) {
        0 => format!("{opener}{place}，{plain}，{harm}。{ask}"),
        1 => format!("{opener}{time}{place}{plain}。{ask}"),
        2 => format!("{plain}！{place}，{time}，{harm}"),
        3 => format!("{opener}{plain}，{place}。{ask}"),
        4 => format!("{opener}{time}，{place}，{plain}，{harm}，{ask}"),
        5 => format!("{place}，{plain}。{harm}。"),
        _usual => format!("{opener}{place}{time}{plain}，{harm}。{ask}"),
    };
    let tidy =
        text.trim_end_matches(['，', '。']).replace("？，", "？").replace("？。", "？").replace("！，", "！");
    if dice.chance(0.3) { mistyped(&tidy, dice) } else { tidy }
}

/// Typing errors of a pinyin keyboard: the wrong word of the same sound.
fn mistyped(text: &str, dice: &mut Dice) -> String {
    const SLIPS: [(&str, &str); 16] = [
        ("垃圾", "拉圾"),
        ("已经", "以经"),
        ("麻烦", "麻凡"),
        ("尽快", "尽块"),
        ("处理", "处里"),
        ("在", "再"),
        ("的", "得"),
        ("那块", "哪块"),
        ("希望", "西望"),
        ("电瓶车", "电平车"),
        ("好几", "好及"),
        ("没人", "每人"),
        ("走路", "走陆"),
        ("危险", "危显"),
        ("，", " "),
        ("。", "。。。"),
    ];
    let fitting: Vec<&(&str, &str)> = SLIPS.iter().filter(|(right, _)| text.contains(right)).collect();
    fitting
        .get(dice.below(fitting.len()))
        .map_or_else(|| text.to_owned(), |(right, wrong)| text.replacen(right, wrong, 1))
}

fn hotline(words: &Words, landmark: &Landmark, dice: &mut Dice) -> String {
    let name = &landmark.name;
    let side = side(landmark, dice);
    let formal = words.formal;
    let lasting = match dice.below(6) {
        0 => format!("，该情况已持续{}天", dice.below(12) + 2),
        1 => "，此前曾反映未见改善".to_owned(),
        2 => format!(
            "，多集中在{}时段",
            words.occasion.pick(&["早高峰", "晚间", "午间", "放学", "周末", "清晨"], dice)
        ),
        3 => format!("，周边约{}户居民受影响", (dice.below(9) + 1) * 10),
        _none => String::new(),
    };
    let effect = words.occasion.pick(formal_harms(words.theme), dice);
    let opener = dice.pick(&[
        "来电人反映",
        "市民来电反映",
        "来电人称",
        "市民反映",
        "来电人再次反映",
        "来电人（附近居民）反映",
    ]);
    let wish = dice.pick(&[
        "诉求：尽快核实处理",
        "要求相关部门处理并回复",
        "希望相关部门到现场查看",
        "要求尽快整改",
        "建议加强日常巡查",
        "请核实处理并答复来电人",
        "希望予以解决",
        "要求明确处理时限",
    ]);
    format!("{opener}：{name}{side}{formal}{lasting}，{effect}，{wish}。")
}

fn patrol(words: &Words, landmark: &Landmark, dice: &mut Dice) -> String {
    let name = &landmark.name;
    let side = side(landmark, dice);
    let opener = dice.pick(&["巡访时发现", "巡访团走访发现", "今日巡访", "随团巡访看到", "结对巡访发现"]);
    let hint = dice.pick(&[
        "建议责任单位及时整改",
        "建议纳入常态管理",
        "建议增加保洁频次",
        "建议举一反三排查周边",
        "建议设置提示",
        "盼尽快改善",
        "建议网格员多走一走",
    ]);
    let effect = words.occasion.pick(formal_harms(words.theme), dice);
    match dice.below(3) {
        0 => format!("{opener}，{name}{side}{}，{hint}。", words.formal),
        1 => format!("{opener}，{name}{side}{}，{effect}，{hint}。", words.formal),
        _usual => format!("{name}{side}{}，{effect}。{opener}，{hint}。", words.formal),
    }
}

fn inspection(words: &Words, landmark: &Landmark, dice: &mut Dice) -> String {
    let name = &landmark.name;
    let side = side(landmark, dice);
    let kind = dice.pick(&["暗访", "专项督查", "联合督查", "实地督查", "交叉督查"]);
    let demand = dice.pick(&[
        "责令限期整改",
        "请立查立改",
        "请举一反三",
        "要求当日整改并报结果",
        "列入督查通报",
        "请属地牵头整改",
    ]);
    let extent = match dice.below(4) {
        0 => format!("，共{}处", dice.below(6) + 2),
        1 => format!("，沿线约{}米", (dice.below(12) + 2) * 10),
        _none => String::new(),
    };
    format!("{kind}发现：{name}{side}{}{extent}，{demand}。", words.formal)
}

fn harms(theme: Theme) -> &'static [&'static str] {
    match theme {
        Theme::Smell => {
            &["味道特别大", "窗户都不敢开", "夏天招苍蝇", "路过都要捂鼻子", "闻着想吐", "蚊子都来了"]
        }
        Theme::Danger => &[
            "老人小孩走这里很危险",
            "晚上看不清容易出事",
            "万一伤到人怎么办",
            "我差点摔跤",
            "看着就害怕",
            "已经有人受伤了",
        ],
        Theme::InTheWay => &[
            "走路都要绕着走",
            "推婴儿车根本过不去",
            "只能走到机动车道上",
            "早晚都堵死",
            "轮椅过不去",
            "影响大家走路",
        ],
        Theme::Looks => &[
            "看着很不舒服",
            "文明城市还这样？",
            "外地朋友来了都笑话",
            "太难看了",
            "影响心情",
            "跟周边一点不协调",
        ],
        Theme::Noise => {
            &["根本休息不好", "孩子没法写作业", "吵得头疼", "家里有病人受不了", "关窗也没用", "邻居都有意见"]
        }
        Theme::Dust => {
            &["车子一过全是灰", "衣服都不敢晒", "鞋子踩得一塌糊涂", "嘴里都是沙", "刚擦的车又脏了", "呛得很"]
        }
        Theme::Water => &[
            "鞋子全湿了",
            "电瓶车差点熄火",
            "只能踩砖头过去",
            "水都漫到台阶了",
            "一下雨就这样",
            "小孩上学蹚水",
        ],
        Theme::Fire => &[
            "着火了怎么办",
            "前阵子新闻才烧过",
            "一楼住户都提心吊胆",
            "太危险了",
            "消防车进不来",
            "出了事谁负责",
        ],
        Theme::Service => {
            &["白跑一趟", "用不了很不方便", "钱还扣了", "坏了好久没人修", "老人用不来", "每次都这样"]
        }
    }
}

fn formal_harms(theme: Theme) -> &'static [&'static str] {
    match theme {
        Theme::Smell => &["影响周边环境", "异味扰民", "孳生蚊蝇", "居民意见较大"],
        Theme::Danger => &["存在安全隐患", "易造成人员受伤", "夜间通行风险较大", "危及行人安全"],
        Theme::InTheWay => &["影响通行", "占用公共空间", "造成行人绕行", "早晚高峰拥堵"],
        Theme::Looks => &["影响市容", "影响城市形象", "与周边环境不协调", "观感较差"],
        Theme::Noise => &["影响居民休息", "扰民严重", "夜间尤为明显", "影响学生学习"],
        Theme::Dust => &["扬尘污染", "影响路面整洁", "影响出行", "居民无法开窗"],
        Theme::Water => &["影响出行", "行人车辆通行困难", "雨天尤为严重", "影响商户经营"],
        Theme::Fire => &["存在消防隐患", "危及居民生命安全", "不符合消防规定", "隐患突出"],
        Theme::Service => &["影响正常使用", "给居民带来不便", "多次报修未果", "群众反映集中"],
    }
}
