// What libraries use and Chrome 87 or Safari 14 lack: `Object.hasOwn` (Chrome 93) and `at` (Chrome 92), both used by
// MapLibre. Our own code needs neither (the type check knows only ES2020).

type Hasher = { hasOwn?: (thing: object, key: PropertyKey) => boolean }
const object = Object as Hasher
object.hasOwn ??= (thing, key) => Object.prototype.hasOwnProperty.call(thing, key)

type Listed = { at?: (n: number) => unknown; length: number; [n: number]: unknown }
for (const kind of [Array, String, Uint8Array, Float32Array, Uint16Array, Uint32Array, Int16Array, Int32Array]) {
  const list = kind.prototype as unknown as Listed
  if (list.at) continue
  Object.defineProperty(list, 'at', {
    configurable: true,
    writable: true,
    value(this: Listed, n: number): unknown {
      const index = Math.trunc(n) || 0
      return this[index < 0 ? this.length + index : index]
    },
  })
}

export {}
