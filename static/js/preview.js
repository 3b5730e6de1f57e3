// The preview follows the text: it looks again when a tab of this browser saved something, when one comes back to it, and
// now and then, since others write and enter figures too.

import { listen } from "./saved.js"

const look = () => document.body.dispatchEvent(new CustomEvent("duoplus:look"))

listen(look)
document.addEventListener("visibilitychange", () => { if (!document.hidden) look() })
setInterval(() => { if (!document.hidden) look() }, 15000)
