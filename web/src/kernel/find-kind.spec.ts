import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findKinds, fold } from './find-kind'

const table = (name: string) =>
  readFileSync(resolve(__dirname, `../../../crates/cases/data/${name}.csv`), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
const menu = new Map(table('menu').map(([code = '', name = '']) => [code, name]))
const words = new Map(table('words').map(([code = '', , list = '']) => [code, list.split('、')]))
const kinds = table('classes').map(([code = '', official_name = '']) => ({
  class_code: code,
  official_name,
  name: menu.get(code) ?? official_name,
  words: words.get(code) ?? [],
}))
const first = (typed: string) => findKinds(kinds, typed)[0]?.class_code

/** What people type, and the class that they mean. */
const SAID: Record<string, string> = {
  E0110: '垃圾 垃圾没人清 暴露生活垃圾 乱扔垃圾 卫生死角 楼道垃圾 脏乱差 门口垃圾堆了三天了 垃圾没人收',
  P0123: '窨井 窨井盖 井盖 井盖没了 没有井盖 路中间窨井盖坏了 阴井盖',
  E0410: '电瓶车 电动车 电动车乱停 电瓶车乱停 小电驴 电瓶车停在楼道里 非机动车 自行车乱停 摩托车乱停',
  E0136: '楼道 楼道堆物 杂物 乱堆乱放 僵尸车 楼道里堆了好多东西 过道堆物',
  E0201: '牛皮癣 小广告 办证广告 电线杆广告 墙上牛皮癣太多 贴小广告 喷漆广告',
  E0129: '油烟 烧烤 露天烧烤 饭店油烟 楼下饭店油烟太大 油烟扰民 排烟',
  E0128: '噪音 噪声 广场舞 太吵 KTV ＫＴＶ ktv 卡拉OK 楼下广场舞太吵 音响 高音喇叭 噪音扰民',
  E0498: '菜场 菜市场 农贸市场 活禽 菜场地上全是水',
  E0184: '流浪狗 野狗 狗 遛狗 小区里有流浪狗 狗咬人 不牵绳的狗 遛狗不牵绳 大型犬 流浪猫',
  P0137: '路灯 路灯不亮 没路灯 黑灯瞎火 巷子里路灯坏了 楼道灯',
  E0113: '坑洼 路坏了 坑坑洼洼 路面破损 大坑 马路上有个大坑',
  E0112: '狗屎 路面脏 落叶 没人扫地 马路脏',
  E0108: '飞线 飞线充电 私拉电线 楼道充电 电瓶车充电 楼下飞线充电太危险',
  E0406: '摆摊 地摊 路边摊 占道经营 路边卖菜 占道摆摊 小吃摊',
  E0401: '游商 流动摊贩 小贩',
  E0405: '店外经营 出店经营 门口摆货',
  E0496: '消防通道 消防 生命通道 消防通道被堵了 逃生通道',
  E0506: '积水 内涝 淹水 下雨积水 门口下雨就积水',
  E0503: '下水道 下水道堵了 污水外溢 化粪池满 窨井冒水',
  E0501: '水管爆 爆管 漏水',
  E0502: '煤气 煤气味 燃气 漏气',
  E0507: '积雪 结冰 路面结冰',
  E0596: '高空抛物 高空坠物 楼上扔东西 瓷砖掉落',
  E0101: '违建 违章建筑 乱搭乱建 彩钢棚 搭棚子',
  E0191: '毁绿 种菜 毁绿种菜 踩草坪 绿化带停车',
  E0192: '垃圾桶满了 垃圾桶满 垃圾满溢',
  E0193: '垃圾分类 垃圾不分类',
  E0120: '烧秸秆 焚烧垃圾 烧树叶 烧纸',
  E0125: '水葫芦 蓝藻 河面垃圾 漂浮物',
  E0126: '河臭 黑臭水体 河水发臭',
  E0135: '旧家具 沙发 大件垃圾 床垫',
  E0137: '死猫 死老鼠 动物尸体',
  E0138: '养鸡 公鸡叫 鸽子',
  E0107: '晾衣服 晒被子 乱晾晒',
  E0111: '渣土 建筑垃圾 装修垃圾',
  E0301: '工地吵 夜间施工 装修噪音 半夜施工',
  E0304: '扬尘 工地扬尘 裸土',
  E0311: '渣土车 渣土车没盖',
  E0307: '围挡 工地围挡 围挡倒',
  E0303: '挖路 路挖开',
  E0493: '共享单车 共享电动车 小黄车 哈啰',
  E0196: '地锁 私装地锁 占车位',
  E0207: '横幅 标语',
  E0202: '发传单 小卡片',
  E0187: '光污染 霓虹灯刺眼',
  E0180: '线缆下垂 电线低垂 电线垂',
  E0508: '电线断 电线掉地上',
  E0404: '收废品 废品站',
  E0698: '桥洞 桥下 高架下',
  P0301: '公厕 厕所 厕所脏 卫生间 公共厕所 公厕太臭了',
  P0305: '垃圾桶 垃圾箱 果皮箱 垃圾桶坏',
  P0284: '人行道 地砖坏 地砖松',
  P0181: '盲道 无障碍 轮椅坡道',
  P0204: '公交站 公交站台 站牌',
  P0217: '护栏 隔离护栏 护栏坏',
  P0402: '行道树 树倒 枯树 树枝挡窗',
  P0146: '健身器材 滑梯 篮球架',
  P0154: '充电桩 充电桩坏',
  P0130: '电线杆 电线杆歪',
  P0128: '变压器 配电箱 电箱',
  P0104: '雨水篦子 下水口 雨水箅子',
  P0102: '污水井盖',
  P0308: '宣传栏 公告栏',
  P0201: '停车场 停车难 车位',
  P0306: '广告牌 灯箱',
  P0307: '招牌 店招 门头',
}

describe('kinds are found by the words of people', () => {
  for (const [code, said] of Object.entries(SAID)) {
    it(`${code} ${menu.get(code) ?? ''}`, () => {
      const wrong = said.split(' ').filter((typed) => first(typed) !== code)
      expect(wrong.map((typed) => `${typed} → ${first(typed) ?? 'nothing'}`)).toEqual([])
    })
  }
  it('whatever the width, the case, blanks and marks', () => {
    expect(first(' 电 瓶 车 ')).toBe('E0410')
    expect(first('“牛皮癣”！')).toBe('E0201')
    expect(fold('Ｋ-Ｔ—Ｖ　')).toBe('ktv')
  })
  it('every word of the catalogue finds its own class first, and none two', () => {
    const wrong = kinds.flatMap((kind) =>
      kind.words.filter((word) => first(word) !== kind.class_code).map((word) => `${word} → ${first(word) ?? ''}`),
    )
    expect(wrong).toEqual([])
  })
  it('nothing is found by what means nothing, and nothing typed leaves all', () => {
    expect(findKinds(kinds, '呃')).toEqual([])
    expect(findKinds(kinds, 'qwerty')).toEqual([])
    expect(findKinds(kinds, ' —')).toHaveLength(kinds.length)
  })
})

describe('one word per thing', () => {
  const root = resolve(__dirname, '..')
  const residents = ['features/cases/phone/zh.json', 'shells/m/zh.json', 'ui/zh.json', 'shells/tour/zh.json']
  it('no page of residents calls a kind by its official name where they have a word of their own', () => {
    const official = kinds.filter((kind) => kind.name !== kind.official_name).map((kind) => kind.official_name)
    expect(official).toContain('暴露生活垃圾')
    for (const file of residents) {
      const text = readFileSync(resolve(root, file), 'utf8')
      expect(official.filter((name) => name.length > 2 && text.includes(name))).toEqual([])
    }
  })
})
