// What an auditor reads: changes of rights, looks at reporters, failed sign-ins.
import type { Page } from '@/kernel/api'
import { get } from '@/kernel/http'

export interface GivenRole {
  role: string
  role_name: string
  area_name: string
  unit_name?: string | null
  unmasks: boolean
}
export interface ToldAct {
  id: string
  at: number
  what: string
  by_name?: string | null
  by_kind: string
  user_name?: string | null
  case_id?: string | null
  roles?: GivenRole[]
  unit_name?: string | null
  unmasks: boolean
  joined_duties?: boolean | null
}
export interface FailedSignIns {
  id: string
  at: number
  failures: number
  account: string
  user_name?: string | null
  network: string
}

const paged = <T>(path: string, after: string | undefined, signal: AbortSignal) =>
  get<Page<T>>(path, after ? { after } : {}, { signal })

export const listActs = (after: string | undefined, signal: AbortSignal) =>
  paged<ToldAct>('/api/v1/audit/acts', after, signal)
export const listFailedSignIns = (after: string | undefined, signal: AbortSignal) =>
  paged<FailedSignIns>('/api/v1/audit/sign-ins', after, signal)
