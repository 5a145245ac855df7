// How people say it: report texts by class, for the mock's cases. Invented; no place here is somebody's home.
const WHERE = [
  '人民中路与环城北路口',
  '中山公园东门',
  '菜场后门',
  '小区西门外',
  '公交首末站旁',
  '实验小学门口',
  '河滨步道南段',
  '客运站出站口',
  '商业街 36 号门前',
  '社区卫生服务站对面',
  '老街牌坊下',
  '工业园三号路',
  '安置房 14 幢北侧',
  '文化广场停车场',
  '幼儿园围墙外',
  '加油站东侧',
  '桥头绿地',
]
const WHAT = {
  '0110': [
    '堆着几袋装修垃圾，两天没人清',
    '垃圾桶满溢，污水流到人行道',
    '有人把剩菜倒在绿化带边上',
    '大件旧家具丢在路边',
  ],
  '0112': ['路面一层浮土，车一过就扬灰', '渣土车洒了一路石子', '雨后淤泥没有清'],
  '0113': ['坑有脸盆大，晚上看不见', '人行道砖松动，踩上去溅水', '窨井盖周边塌了一圈'],
  '0136': ['水泥黄沙占了半边路', '钢管脚手架堆在消防栓前', '建材堆放一周没动'],
  '0107': ['被子晒在护栏上', '绿化树之间拉绳晾衣服'],
  '0201': ['电线杆贴满小广告，撕了又贴', '墙面喷涂开锁电话', '公交站牌背面被贴'],
  '0299': ['公益广告画面褪色脱胶', '围挡公益广告被撕掉一块', '宣传栏玻璃破了'],
  '0304': ['工地出入口没冲洗，泥带到马路上', '土方作业没开雾炮'],
  '0406': ['早餐摊摆到盲道上', '水果店把筐摆到人行道', '夜宵摊占了非机动车道'],
  '0410': ['共享单车倒了一片', '电动车停满消防登高面', '非机动车占住盲道'],
  '0496': ['私家车停在消防通道口，已停一晚', '消防通道被地锁锁住'],
  '0498': ['公示栏的价格牌还是上个月的', '通道摆摊，推车过不去', '熟食柜没有防尘罩'],
}
const TAIL = {
  resident: ['，麻烦来看一下', '，天天从这里走，真不方便', '，希望尽快处理，谢谢', '，孩子上学要绕路', ''],
  inspector: [''],
  hotline: ['，来电人要求回复', '，来电人称已多次反映', ''],
}

/** The `n`-th text of a class from a source: { summary, description, address }. No two `n` below 200 are the same. */
export function phrase(class_code, source, n) {
  const whats = WHAT[class_code] ?? ['需要处理']
  const where = WHERE[n % WHERE.length]
  const what = whats[n % whats.length]
  const tails = TAIL[source] ?? ['']
  const tail = tails[n % tails.length]
  const summary = source === 'inspector' ? `${where}${what.split('，')[0]}` : `${where}${what}`
  return { summary, description: `${where}，${what}${tail}。`, address: `${where}附近` }
}
