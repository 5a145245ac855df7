// Calls of the context boards.
import type { Board } from '@/kernel/api'
import { get } from '@/kernel/http'

export const board = (signal?: AbortSignal) => get<Board>('/api/v1/board', undefined, signal ? { signal } : {})
