// Workbooks as people fill them in: the template with rows of texts below its header.
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'

const SHEET = 'xl/worksheets/sheet1.xml'

/** The template with one row; empty cells are left out. */
export function withRow(template: Uint8Array, texts: string[]): Buffer {
  const parts = unzipSync(new Uint8Array(template))
  const cells = texts.map((text, n) =>
    text ? `<c r="${String.fromCharCode(65 + n)}2" t="inlineStr"><is><t>${text}</t></is></c>` : '',
  )
  const sheet = strFromU8(parts[SHEET] ?? new Uint8Array())
  parts[SHEET] = strToU8(sheet.replace('</sheetData>', `<row r="2">${cells.join('')}</row></sheetData>`))
  return Buffer.from(zipSync(parts))
}
