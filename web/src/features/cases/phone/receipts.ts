// Receipt codes kept on this phone, newest first. Nothing else about the person is kept.
import { ref } from 'vue'
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
  if (!receipts.value.some((kept) => kept.code === one.code)) save([one, ...receipts.value])
}

export function forgetReceipt(code: string): void {
  save(receipts.value.filter((one) => one.code !== code))
}

/** What people type: spaces, dashes and small letters do not matter. */
export function tidyCode(typed: string): string {
  return typed.toUpperCase().replace(/[^0-9A-Z]/g, '')
}
