// Makes pasted HTML fit: headings at the two levels of a section's text, and Word's paragraphs-with-a-bullet as lists.

const STYLES = /<style[\s\S]*?<\/style>/gi
const HEADINGS = { h1: "h3", h2: "h3", h5: "h4", h6: "h4" }
const WORD_ITEM = 'p[style*="mso-list:"], p.MsoListParagraph, p.MsoListParagraphCxSpFirst, p.MsoListParagraphCxSpMiddle, p.MsoListParagraphCxSpLast'
const NUMBER = /^\s*(?:\d+|[a-z])[.)]/i

export function tidyPasted(html) {
  // Word sends its whole style sheet along; even an unused document reports that the page's policy blocks it.
  const box = new DOMParser().parseFromString(html.replaceAll(STYLES, ""), "text/html").body
  for (const [from, to] of Object.entries(HEADINGS)) {
    for (const heading of box.querySelectorAll(from)) rename(heading, to)
  }
  listsFromWord(box)
  return box.innerHTML
}

function rename(element, name) {
  const renamed = element.ownerDocument.createElement(name)
  renamed.append(...element.childNodes)
  element.replaceWith(renamed)
}

/** Word pastes a list as paragraphs that begin with a drawn bullet or number: neighbours become one list. */
function listsFromWord(box) {
  for (const paragraph of [...box.querySelectorAll(WORD_ITEM)]) {
    const mark = paragraph.querySelector('span[style*="mso-list:Ignore"], span[style*="mso-list: Ignore"]')
    if (!mark) continue
    const name = NUMBER.test(mark.textContent) ? "ol" : "ul"
    mark.remove()
    const before = paragraph.previousElementSibling
    const list = before?.matches(`${name}[data-from-word]`) ? before : paragraph.ownerDocument.createElement(name)
    list.dataset.fromWord = ""
    if (list !== before) paragraph.before(list)
    const item = paragraph.ownerDocument.createElement("li")
    item.append(...paragraph.childNodes)
    list.append(item)
    paragraph.remove()
  }
}
