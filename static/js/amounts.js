// Amounts as Dutch people write them, in whole cents (BigInt). The counterpart of investments/amounts.py: both are held
// to tests/vectors/amounts.json.

const MINUS = "-\u2012\u2013\u2014\u2212"
const LARGEST = 999_999_999_999_999n
const DIGITS = String.raw`(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?: \d{3})+)`
const AMOUNT = new RegExp(String.raw`^(${DIGITS})(?:,(\d{1,2}))?$`)
const WHOLE = new RegExp(`^(${DIGITS}),[${MINUS}]{1,2}$`)

/** Cents of what was typed or pasted; null for what is not one amount. */
export function parse(written) {
  const value = written.trim().replaceAll(/[ \u00a0\u2009\u202f]+/g, " ")
  if (value && [...value].every((sign) => MINUS.includes(sign))) return 0n
  const [negative, digits] = signed(value)
  const match = AMOUNT.exec(digits) ?? WHOLE.exec(digits)
  if (!match) return null
  const cents = BigInt(match[1].replaceAll(/[. ]/g, "")) * 100n + BigInt((match[2] ?? "").padEnd(2, "0"))
  if (cents > LARGEST) return null
  return negative ? -cents : cents
}

function signed(value) {
  const bare = withoutEuro(value)
  const last = bare.at(-1) ?? ""
  if (bare.startsWith("(") && bare.endsWith(")")) return [true, withoutEuro(bare.slice(1, -1).trim())]
  if (bare && MINUS.includes(bare[0])) return [true, withoutEuro(bare.slice(1).trim())]
  if (last && MINUS.includes(last) && !new RegExp(`,[${MINUS}]*$`).test(bare)) {
    return [true, withoutEuro(bare.slice(0, -1).trim())]
  }
  return [false, withoutEuro(bare.replace(/^\+/, "").trim())]
}

const withoutEuro = (value) => value.replace(/^€/, "").replace(/€$/, "").trim()

/** Cents as people read them: 23200000n is "232.000", 150n is "1,50". */
export function euros(cents) {
  const size = cents < 0n ? -cents : cents
  const whole = String(size / 100n).replaceAll(/\B(?=(\d{3})+$)/g, ".")
  const rest = size % 100n
  return `${cents < 0n ? "-" : ""}${whole}${rest ? `,${String(rest).padStart(2, "0")}` : ""}`
}
