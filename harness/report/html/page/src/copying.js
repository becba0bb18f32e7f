import { announce, element } from "./element.js";

/** Copies without a permission where the clipboard cannot be had, as in a file opened from disk. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = element("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

export function copyButton(text, what) {
  const button = element("button", { type: "button", class: "copy", "aria-label": `Copy ${what}` }, "Copy");
  button.addEventListener("click", async () => {
    const done = await copy(typeof text === "function" ? text() : text);
    button.textContent = done ? "Copied" : "Press Ctrl+C";
    button.dataset.done = String(done);
    announce(done ? `${what} copied` : "Could not copy");
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  return button;
}

export function enliven() {
  for (const box of document.querySelectorAll(".copyable"))
    box.append(copyButton(() => box.querySelector("code").textContent, box.dataset.what));
  for (const code of document.querySelectorAll("code.replay"))
    code.after(" ", copyButton(() => code.textContent, "command"));
}
