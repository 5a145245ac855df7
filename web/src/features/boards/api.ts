// Calls of the context boards.
import type { Board } from '@/kernel/api'
import { get } from '@/kernel/http'

/** The map of a demo, whoever is signed in. */
export const demoBoard = (signal?: AbortSignal) => get<Board>('/api/v1/demo/board', undefined, signal ? { signal } : {})
export const board = (signal?: AbortSignal) => get<Board>('/api/v1/board', undefined, signal ? { signal } : {})
