// Random ids for idempotency keys. `crypto.randomUUID` exists only in secure contexts and newer browsers;
// a phone inside another app's WebView may have neither, so three ways lead to the same form.

type Source = Pick<Crypto, 'getRandomValues'> & { randomUUID?: () => string }

/** A version 4 UUID. `source` is for tests. */
export function uuid(source: Source | null = globalThis.crypto ?? null): string {
  if (source?.randomUUID) return source.randomUUID()
  const bytes = new Uint8Array(16)
  if (source?.getRandomValues) source.getRandomValues(bytes)
  else for (let i = 0; i < 16; i++) bytes[i] = Math.floor(Math.random() * 256)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
