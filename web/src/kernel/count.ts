// Numbers of cases on screens and on paper: with thousands set apart, and never as exact where counting stopped.

/** How many, and whether there may be more than that. */
export interface Count {
  n: number
  more?: boolean | undefined
}

/** `1,234`; `10,000+` where there may be more. */
export const countText = ({ n, more }: Count): string => n.toLocaleString('zh-CN') + (more ? '+' : '')

/** All cases that were counted; open and overdue ones among them are always counted whole. */
export const totalOf = ({ total, more }: { total: number; more?: boolean | undefined }): Count => ({ n: total, more })
