// What the editor can hold: the same elements that library/html.py lets through, and nothing else.
import {
  Bold, BulletList, Document, Dropcursor, Gapcursor, HardBreak, Heading, History, Italic, Link, ListItem, Mark,
  OrderedList, Paragraph, Superscript, Table, TableCell, TableHeader, TableRow, Text, mergeAttributes,
} from "django-prose-editor/editor"

/** The words of a footnote stand in the text where its mark comes; the PDF puts them at the foot of the page. */
const Footnote = Mark.create({
  name: "footnote",
  inclusive: false,
  parseHTML: () => [{ tag: "span[data-footnote]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", mergeAttributes(HTMLAttributes, { "data-footnote": "" }), 0],
})

/** Words in another language than Dutch, for who has them read aloud. */
const Language = Mark.create({
  name: "language",
  inclusive: false,
  addAttributes: () => ({ lang: { default: null } }),
  parseHTML: () => [{ tag: "bdi[lang]" }],
  renderHTML: ({ HTMLAttributes }) => ["bdi", HTMLAttributes, 0],
})

/** Lists start at 1 and count in figures: the allowlist keeps no other kind. */
const PlainOrderedList = OrderedList.extend({ addAttributes: () => ({}) })

/** An address that the allowlist keeps; others would vanish when saved. */
export function isAllowedAddress(address, schemes) {
  return schemes.some((scheme) => address.trim().toLowerCase().startsWith(`${scheme}:`))
}

export function extensions({ schemes, askLink }) {
  const OwnLink = Link.extend({
    addAttributes: () => ({ href: { default: null } }),
    addKeyboardShortcuts: () => ({ "Mod-k": ({ editor }) => askLink(editor) }),
  })
  return [
    Document, Paragraph, Text, HardBreak, History, Dropcursor, Gapcursor,
    Bold, Italic, Superscript, Footnote, Language,
    Heading.configure({ levels: [3, 4] }),
    BulletList, PlainOrderedList, ListItem,
    Table, TableRow, TableHeader, TableCell,
    OwnLink.configure({
      autolink: true,
      defaultProtocol: "https",
      isAllowedUri: (address) => isAllowedAddress(address ?? "", schemes),
    }),
  ]
}

/** The text as it is stored: "" when empty; rows of heading cells become the head of their table. */
export function stored(editor) {
  if (editor.isEmpty) return ""
  const html = editor.getHTML()
  if (!html.includes("<table")) return html
  const box = new DOMParser().parseFromString(html, "text/html").body
  for (const table of box.querySelectorAll("table")) markHead(table)
  return box.innerHTML
}

/** Rows at the top that are all heading cells go into thead, with scope; other heading cells head their row. */
function markHead(table) {
  const rows = [...table.rows]
  const firstOfBody = rows.findIndex((row) => [...row.cells].some((cell) => cell.tagName === "TD"))
  const head = rows.slice(0, Math.max(firstOfBody, 0))
  for (const row of rows) {
    for (const cell of row.cells) {
      if (cell.tagName === "TH") cell.setAttribute("scope", head.includes(row) ? "col" : "row")
    }
  }
  if (head.length > 0) table.createTHead().append(...head)
}
