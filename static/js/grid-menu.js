// One menu for all rows: it opens beside the button of a row, and leads to the pages of that row's line.
const menu = document.getElementById("regelmenu")

function open(button) {
  const row = button.closest("tr")
  const isHeading = row.matches(".grid__heading")
  const isPlain = !isHeading && !("counted" in row.dataset)
  for (const item of menu.querySelectorAll("[data-path]")) {
    item[item.matches("form") ? "action" : "href"] = new URL(item.dataset.path, button.href).href
  }
  for (const item of menu.querySelectorAll("[data-plain]")) item.hidden = !isPlain
  for (const item of menu.querySelectorAll("[data-amounts]")) item.hidden = isHeading
  menu.showPopover({ source: button })
  menu.querySelector("a").focus()
}

/** Let the links that lead to a line open its menu instead. */
export function openMenus(grid) {
  for (const link of grid.querySelectorAll("[data-menu]")) {
    link.setAttribute("role", "button")
    link.setAttribute("aria-haspopup", "true")
  }
  grid.addEventListener("click", (event) => {
    const button = event.target.closest("[data-menu]")
    if (!button || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    open(button)
  })
  grid.addEventListener("keydown", (event) => {
    const button = event.target.closest("[data-menu]")
    if (!button || event.key !== " ") return
    event.preventDefault()
    open(button)
  })
}
