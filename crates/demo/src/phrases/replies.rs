//! What units, checkers and intake officers write back.

use super::Occasion;
use super::troubles::{Theme, Trouble, trouble};
use crate::dice::Dice;

/// 处置反馈: what a unit did, for a class (`E0110`). Some 15 to 50 characters.
pub fn handler_feedback(class_code: &str, occasion: Occasion, dice: &mut Dice) -> String {
    let known = trouble(class_code);
    let fixed = known.map_or("问题已整改到位", |t| occasion.pick(&t.fixed, dice));
    let who = dice.pick(&[
        "保洁班组",
        "市容中队",
        "养护班组",
        "我单位",
        "社区网格员会同物业",
        "维修班组",
        "值班人员",
        "片区负责人",
        "作业一组",
        "作业二组",
        "城管队员",
        "物业公司",
        "巡查人员",
    ]);
    let carried_away = known.is_some_and(|t| t.theme == Theme::Smell);
    let effort = match dice.below(6) {
        0 => format!("，出动{}人", dice.below(6) + 2),
        1 => format!("，用时{}分钟", (dice.below(16) + 3) * 5),
        2 => format!("，出动{}人1车", dice.below(4) + 2),
        3 if carried_away => format!("，清运约{}袋", dice.below(20) + 3),
        _none => String::new(),
    };
    let closes = [
        "",
        "后续加强巡查。",
        "已列入日常巡查。",
        "已告知周边住户。",
        "将每日回看一次。",
        "现场照片已上传。",
        "请核查。",
        "已举一反三排查周边。",
        "同类点位一并检查。",
    ];
    let close = occasion.pick(&closes, dice);
    match dice.below(3) {
        0 => format!("接单后{who}到场处理{effort}，{fixed}。{close}"),
        1 => format!("{fixed}{effort}。{close}"),
        _usual => {
            format!("{who}{}到场{effort}，{fixed}。{close}", dice.pick(&["已", "及时", "第一时间", "当日"]))
        }
    }
}

/// 核查意见: what the checker writes at the end; `passed` says which way it goes.
///
/// Speaks of the class in general, so that it contradicts neither the report nor the unit's feedback.
pub fn checker_remark(class_code: &str, passed: bool, occasion: Occasion, dice: &mut Dice) -> String {
    let known = trouble(class_code);
    if passed {
        let fact = dice.pick(known.map_or(&["问题已整改"], |t| put_right(t.theme)));
        let ways = ["现场核查", "到场复看", "核查时", "对照前图核查", "到点位核查", "现场复查", "回访核查"];
        let seen = occasion.pick(&ways, dice);
        let judged =
            dice.pick(&["属实，同意结案", "与反馈一致", "整改到位", "情况属实", "符合结案条件", "未见反弹"]);
        return format!("{seen}，{fact}，{judged}。");
    }
    let what = known.map_or("反映的问题", usual);
    let extents =
        ["仍有部分未解决", "未见改善", "只处理了一半", "现场与反馈照片不符", "已反弹", "点位有误，原处未动"];
    let extent = occasion.pick(&extents, dice);
    let demands = ["退回返工", "请重新处置", "请补拍同角度照片", "请尽快整改", "请现场负责人到场"];
    let demand = occasion.pick(&demands, dice);
    format!("现场核查：{what}，{extent}，{demand}。")
}

/// 核实意见 before filing: whether the reported trouble was found.
pub fn pre_verify_remark(class_code: &str, found: bool, occasion: Occasion, dice: &mut Dice) -> String {
    let what = trouble(class_code).map_or("反映的问题", usual);
    if found {
        let judgements = [
            "情况属实",
            "属实，建议立案",
            "与照片一致",
            "现场仍存在",
            "属实，位置准确",
            "与反映一致",
            "属实，范围不大",
        ];
        let judged = occasion.pick(&judgements, dice);
        return format!("已到现场核实，{what}，{judged}。");
    }
    let seen =
        dice.pick(&["现场未发现", "到场时已无", "绕行一圈未见", "按位置查找未发现", "询问周边商户，未见"]);
    let hint = dice.pick(&["建议不予立案", "请上报人补充位置", "疑已自行清理", "现场无异常"]);
    format!("{seen}{what}，{hint}。")
}

/// What is wrong in the most usual words, which stand first in the table.
fn usual(trouble: &'static Trouble) -> &'static str {
    trouble.short.first().copied().unwrap_or(trouble.name)
}

/// What a checker sees where it was put right.
fn put_right(theme: Theme) -> &'static [&'static str] {
    match theme {
        Theme::Smell => &["现场已清理干净", "已无异味", "地面干净", "周边整洁"],
        Theme::Danger => &["隐患已消除", "已修复完好", "设施完好", "通行安全"],
        Theme::InTheWay => &["通道已恢复畅通", "占用物已清走", "行人可正常通行", "秩序良好"],
        Theme::Looks => &["面貌已恢复", "已整治到位", "现场整洁美观", "已无残留"],
        Theme::Noise => &["现场已安静", "噪声已消除", "询问周边居民已改善"],
        Theme::Dust => &["路面整洁", "已无扬尘", "现场干净", "已按要求落实"],
        Theme::Water => &["现场已无积水", "排水通畅", "路面可正常通行"],
        Theme::Fire => &["隐患已消除", "现场已恢复", "已按规定落实"],
        Theme::Service => &["已可正常使用", "设施完好", "现场试用正常"],
    }
}

/// 不予受理理由: the note beside a reason of the catalogue (`out_of_scope`, `duplicate`, `not_found`, `unclear`,
/// `already_solved`, `legal_way`, `withdrawn`, `test`, `other`).
pub fn refusal_reason(reason_code: &str, occasion: Occasion, dice: &mut Dice) -> String {
    let texts: &[&str] = match reason_code {
        "out_of_scope" => &[
            "属小区内部自治事项，请与物业或业委会联系",
            "位置不在本市管辖范围",
            "属商业纠纷，不在受理范围",
            "属单位内部管理事项",
        ],
        "duplicate" => &[
            "与附近未办结案件为同一问题，不再另立",
            "同一位置同类问题已立案，进度以先立案件为准",
            "与昨日上报内容相同",
        ],
        "not_found" => &["采集员到场未发现所述问题", "按所填位置核实，现场整洁", "现场核实时问题已不存在"],
        "unclear" => &[
            "照片过暗，位置不清，联系不上上报人",
            "只有文字，无法确定位置",
            "照片与描述不符，补充通知未回复",
        ],
        "already_solved" => &["受理前已由保洁员清理", "上报时施工单位已修复", "核实时商户已自行收回"],
        "legal_way" => &["涉及相邻权纠纷，建议通过诉讼途径解决", "已进入行政复议程序，请等待结果"],
        "withdrawn" => &["上报人来电撤回", "上报人表示已自行解决"],
        "test" => &["培训测试数据", "误触上报"],
        "other" => &["内容含他人隐私，已转专线处理", "属突发险情，已转应急值守"],
        _unknown => &["不符合受理条件"],
    };
    let close = dice.pick(&["。", "，感谢关注。", "，如有新情况请再次上报。", "，特此说明。"]);
    format!("{}{close}", occasion.pick(texts, dice))
}

/// 退回理由: why a unit says that a case is not its own; `other_unit` is the one it names, if any.
pub fn return_reason(other_unit: Option<&str>, dice: &mut Dice) -> String {
    let ground = dice.pick(&[
        "该路段养护未移交我单位",
        "经查不属于我单位权属",
        "点位在交界处，属对方一侧",
        "该设施产权为其他单位",
        "不在我单位保洁范围内",
        "属在建工程范围，应由施工单位负责",
    ]);
    match other_unit {
        Some(unit) => {
            format!("{ground}，{}{unit}。", dice.pick(&["建议改派", "应由以下单位处置：", "请转派"]))
        }
        None => {
            format!("{ground}，{}。", dice.pick(&["请重新核定责任单位", "权属不明，请协调", "请中心研判"]))
        }
    }
}

/// 派遣意见.
pub fn dispatch_opinion(dice: &mut Dice) -> String {
    let what = dice.pick(&[
        "请按责任清单处置",
        "请限时处置并上传处置后照片",
        "请到场核实后处置",
        "请尽快处置",
        "请按标准处置",
    ]);
    let how = dice.pick(&[
        "。",
        "，注意同角度拍照。",
        "，如非本单位责任请当日退回并说明。",
        "，处置完毕及时反馈。",
        "，涉及多家的请牵头协调。",
    ]);
    format!("{what}{how}")
}

/// 市民评价: what a resident writes with the verdict.
pub fn verdict_text(solved: bool, occasion: Occasion, dice: &mut Dice) -> String {
    let (first, second): (&[&str], &[&str]) = if solved {
        (
            &["处理得很快", "已经弄好了", "去看过了，干净了", "效率可以", "总算修好了", "满意", "比上次快"],
            &["，谢谢！", "，点赞", "，希望保持", "，辛苦了", "。", "，给你们好评", "，希望别反弹"],
        )
    } else {
        (
            &[
                "还是老样子",
                "只清了一半",
                "今天又来了",
                "照片是别的地方吧",
                "没看到有人来",
                "修了又坏",
                "当天好了第二天又这样",
            ],
            &["，请再看看", "，不满意", "，麻烦重新处理", "，希望认真点", "。", "，等你们来", "，治标不治本"],
        )
    };
    format!("{}{}", occasion.pick(first, dice), dice.pick(second))
}
