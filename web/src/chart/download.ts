/** Hands a file to the browser. */
export function download(name: string, url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
}

export function downloadText(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  download(name, url)
  // The browser has begun by then; the memory can go.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
