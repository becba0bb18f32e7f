// A report holds no path. Opened from disk it knows where it lies, and so where the run is.
const folder = () => {
  if (location.protocol !== "file:") return null;
  const path = decodeURIComponent(location.pathname).replace(/\/[^/]*$/, "") || "/";
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
};

/** "… --from DIR" with DIR as the folder of this page, where that is known. */
export function located(command) {
  const at = folder();
  return at === null ? command : command.replace(/ DIR$/, () => ` ${at}`);
}

export function enliven() {
  for (const code of document.querySelectorAll("code.replay")) code.textContent = located(code.textContent);
}
