// Blocks of cells to and from a spreadsheet, in Dutch or English numbers: a whole column is read one way or refused.
import { parse } from "duoplus/amounts"

const ENGLISH = /^[-(]?\s*€?\s*(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?\s*\)?-?$/
const SURELY_ENGLISH = /\.\d{1,2}\)?-?$/

/** The cells of a text from the clipboard, row by row; a cell in quotation marks may hold line ends. */
export function block(text) {
  const cells = [...text.replace(/\r\n?/g, "\n").replace(/\n$/, "").matchAll(/("(?:[^"]|"")*"|[^\t\n]*)(\t|\n|$)/g)]
  const rows = [[]]
  for (const [, cell, end] of cells) {
    rows.at(-1).push(cell.startsWith('"') && cell.endsWith('"') && cell.length > 1 ? cell.slice(1, -1).replaceAll('""', '"') : cell.trim())
    if (end === "\n") rows.push([])
    if (end === "") break
  }
  return rows
}

/** The amounts of one column as Dutch text; throws what is wrong, in Dutch. */
export function dutchColumn(cells) {
  const filled = cells.filter((cell) => cell !== "")
  if (filled.every((cell) => parse(cell) !== null)) return cells
  const odd = filled.find((cell) => parse(cell) === null)
  const sure = filled.find((cell) => SURELY_ENGLISH.test(cell) && ENGLISH.test(cell))
  if (sure && filled.every((cell) => ENGLISH.test(cell) && !isDutchThousands(cell))) return cells.map(toDutch)
  const other = sure && filled.find((cell) => !ENGLISH.test(cell) || isDutchThousands(cell))
  if (other) throw new Error(`“${sure}” en “${other}” zijn op twee manieren geschreven. Er is niets geplakt.`)
  throw new Error(`“${odd}” is geen bedrag, of kan twee dingen betekenen. Er is niets geplakt.`)
}

/** 1.234 and 1.234.567: thousands in Dutch, and nothing in English. */
const isDutchThousands = (cell) => /\d\.\d{3}(?!\d)/.test(cell)

const toDutch = (cell) => cell.replaceAll(",", "").replace(".", ",")

/** Rows of cells as a spreadsheet takes them. */
export const asText = (rows) => rows.map((cells) => cells.map(quoted).join("\t")).join("\n")

const quoted = (cell) => (/[\t\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
