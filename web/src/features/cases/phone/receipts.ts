// Receipt codes kept on this phone, newest first. Nothing else about the person is kept.
import { ref } from 'vue'
import { foldCode } from '@/kernel/fold'
import { recall, remember } from '@/kernel/storage'

export interface KeptReceipt {
  code: string
  class_name: string
  place_text: string
  at: number
}
const KEEP = 50

function read(): KeptReceipt[] {
  try {
    const list: unknown = JSON.parse(recall('receipts') ?? '[]')
    return Array.isArray(list) ? (list as KeptReceipt[]).filter((one) => typeof one?.code === 'string') : []
  } catch {
    return []
  }
}

export const receipts = ref<KeptReceipt[]>(read())

function save(list: KeptReceipt[]): void {
  receipts.value = list.slice(0, KEEP)
  remember('receipts', JSON.stringify(receipts.value))
}

/** Keeps a receipt; one already kept moves nowhere. */
export function keepReceipt(one: KeptReceipt): void {
  const code = tidyCode(one.code)
  if (!receipts.value.some((kept) => kept.code === code)) save([{ ...one, code }, ...receipts.value])
}

/** Forgets a receipt; answers how to take that back. */
export function forgetReceipt(code: string): () => void {
  const at = receipts.value.findIndex((one) => one.code === code)
  const gone = receipts.value[at]
  save(receipts.value.filter((one) => one.code !== code))
  return () => {
    if (!gone || receipts.value.some((one) => one.code === code)) return
    save([...receipts.value.slice(0, at), gone, ...receipts.value.slice(at)])
  }
}

/** What people type: gaps, dashes, width and case do not matter; O, I and L are the digits they look like. */
export const tidyCode = (typed: string): string => foldCode(typed).replace(/O/g, '0').replace(/[IL]/g, '1')

/** As it is written and read out: groups of four. */
export function writtenCode(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-')
}
