/**
 * Keeps the numbers of an open page up to date: events of /events change the numbers that are marked with data-live,
 * and say that there is more to see. Nothing else moves: the reader decides when the page is loaded anew.
 */
;(() => {
  const box = document.querySelector('[data-live-address]')
  if (!box || !('EventSource' in window)) return

  const SAY_EVERY_MS = 60_000
  const LOST_AFTER_MS = 10_000
  const AGAIN_AFTER_MS = 60_000
  const HIDDEN_MS = 60_000
  const IDLE_MS = 5 * 60_000

  const part = (name) => box.querySelector(`[data-live-${name}]`)
  const number = new Intl.NumberFormat(document.documentElement.lang)
  let source = null
  let first = null
  let saidAt = Date.now()
  let touchedAt = Date.now()
  let lostTimer = 0
  let hiddenTimer = 0

  box.hidden = false
  part('show').addEventListener('click', () => location.reload())
  for (const kind of ['pointerdown', 'pointermove', 'keydown', 'scroll', 'input']) {
    addEventListener(kind, () => (touchedAt = Date.now()), { passive: true, capture: true })
  }
  // A page that nobody sees needs no connection; of these a browser has six for all its pages.
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiddenTimer)
    if (document.hidden) hiddenTimer = setTimeout(close, HIDDEN_MS)
    else if (!source) open()
  })
  addEventListener('pagehide', close)
  // It comes at the first load, too.
  addEventListener('pageshow', () => source || document.hidden || open())

  function open() {
    source = new EventSource(box.dataset.liveAddress)
    source.onopen = found
    source.onmessage = ({ data }) => show(JSON.parse(data))
    source.onerror = () => {
      lostTimer ||= setTimeout(() => (part('lost').hidden = false), LOST_AFTER_MS)
      // The server refused: the browser does not try again by itself.
      if (source?.readyState !== EventSource.CLOSED) return
      source = null
      setTimeout(() => source || document.hidden || open(), AGAIN_AFTER_MS)
    }
  }

  function close() {
    source?.close()
    source = null
  }

  function found() {
    clearTimeout(lostTimer)
    lostTimer = 0
    part('lost').hidden = true
  }

  function show(state) {
    first ??= state
    for (const place of document.querySelectorAll('[data-live]')) {
      const sum = place.dataset.live.split('+').reduce((total, path) => total + at(state, path), 0)
      place.textContent = number.format(sum)
      const row = place.closest('[data-live-row]')
      if (row) row.hidden = sum === 0
      if (place.matches('.figure')) place.parentElement.classList.toggle('zero', sum === 0)
    }
    tellNews(state)
  }

  function at(state, path) {
    const [group, name] = path.split('.')
    return state[group][name] ?? 0
  }

  function tellNews(state) {
    const isOtherService = state.service !== first.service || state.outage !== first.outage
    const isOtherEpoch = state.epoch !== first.epoch
    const changes = state.changes - first.changes
    part('service').hidden = !isOtherService
    part('some').hidden = !isOtherEpoch
    part('changes').hidden = isOtherEpoch || changes === 0
    part('changes').querySelector('b').textContent = number.format(changes)
    const isNews = isOtherService || isOtherEpoch || changes > 0
    part('news').hidden = !isNews
    if (isNews) say(state, isOtherService)
    if (isNews && isUntouched()) location.reload()
  }

  /** Now and then, so that a screen reader is not kept talking; of the service at once. */
  function say(state, isUrgent) {
    if (!isUrgent && Date.now() - saidAt < SAY_EVERY_MS) return
    const said = part('said')
    const text = `${said.dataset.liveSaid} ${number.format(state.needs.attention)}. ${part('news').innerText}`
    if (said.textContent === text) return
    saidAt = Date.now()
    said.textContent = text
  }

  /** A page on the wall: nobody reads, has chosen or typed anything in it. */
  function isUntouched() {
    return (
      Date.now() - touchedAt > IDLE_MS &&
      scrollY === 0 &&
      getSelection().isCollapsed &&
      !document.querySelector('main input:checked, main details[open]') &&
      !document.activeElement?.matches('input, select, textarea')
    )
  }

  if (!document.hidden) open()
})()
