/**
 * Buttons that need a script; they are hidden in the page and shown by this:
 * data-copy="#id" copies the text of that element (of a field what stands in it) and says so,
 * data-print prints the page. The words stand on the script's own tag.
 */
;(() => {
  const words = document.currentScript.dataset
  const said = document.createElement('p')
  said.className = 'hidden'
  said.setAttribute('role', 'status')
  document.body.append(said)

  for (const button of document.querySelectorAll('button[data-copy], button[data-print]'))
    button.hidden = false

  document.addEventListener('click', async ({ target }) => {
    const button = target.closest('button[data-copy], button[data-print]')
    if (!button) return
    if (!('copy' in button.dataset)) return window.print()
    const source = document.querySelector(button.dataset.copy)
    if (source) tell(button, (await copied(source)) ? words.copied : words.notCopied)
  })

  /** Browsers keep the clipboard from pages that came without TLS; there the older way still works. */
  async function copied(source) {
    try {
      await navigator.clipboard.writeText('value' in source ? source.value : source.textContent)
      return true
    } catch {
      mark(source)
      return document.execCommand('copy')
    }
  }

  /** What could not be copied is marked at least, to be copied by key. */
  function mark(source) {
    if ('select' in source) return source.select()
    const range = document.createRange()
    range.selectNodeContents(source)
    getSelection().removeAllRanges()
    getSelection().addRange(range)
  }

  function tell(button, text) {
    button.dataset.label ??= button.textContent
    button.textContent = text
    said.textContent = text
    setTimeout(() => {
      button.textContent = button.dataset.label
      said.textContent = ''
    }, 2500)
  }
})()
