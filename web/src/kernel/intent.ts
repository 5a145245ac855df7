// What a person wants done, named once: a repeat after a broken line goes out under the same key, so that the server
// answers what it answered before instead of doing it twice.
import { uuid } from './uuid'

/** Gives the idempotency key of a content: the same as before while the content is the same, a new one for another. */
export type KeyKeeper = (content: unknown) => string

/** One key for one content: sending the same again does nothing twice, sending something else is a new request. */
export function keyKeeper(): KeyKeeper {
  let last: string | undefined
  let key = ''
  return (content) => {
    const text = JSON.stringify(content)
    if (text !== last) {
      last = text
      key = uuid()
    }
    return key
  }
}
