import { z } from '@hono/zod-openapi'
import type { TerminalChange } from '../../core/fleet/inventory.ts'
import type { Instant } from '../../core/time.ts'
import { profileInput, ThresholdInput } from '../terminal-input.ts'
import { windowInput } from '../window-input.ts'
import { type Form, formText, isTicked } from './form.ts'
import type { Tried } from './terminal-field.ts'
import type { Texts } from './texts.ts'

/** What a form asks for, with the name of what is done by that; or what is wrong with it. */
export type Read = { readonly wish: TerminalChange; readonly done: string } | { readonly tried: Tried }

/** Reads one form of the page of a terminal; `words`: what to say of a field that is wrong. */
export type FormReader = (form: Form, words: Texts['unit']['wrong']) => Read

/** Planned work on the vehicle, in local time of `zone`; the button `end` ends it. */
export function maintenanceReader(zone: string, now: () => Instant): FormReader {
  const input = windowInput(zone, now)
  return (form, { from, to, reason }) => {
    if (isTicked(form, 'end')) return { wish: { maintenance: null }, done: 'maintenance-ended' }
    const typed = textsOf(form, ['from', 'to', 'reason'])
    const checked = input.safeParse(typed)
    if (checked.success) return { wish: { maintenance: checked.data }, done: 'maintenance' }
    return refused('maintenance', typed, checked.error, { from, to, reason })
  }
}

const DURATIONS = ['moving', 'parked', 'lost', 'neverAfter', 'liveLag', 'floor', 'cap'] as const

/** Thresholds of its own; the button `clear`, or no thresholds, takes them away. */
export const readThresholds: FormReader = (form, { duration, cap }) => {
  if (isTicked(form, 'clear')) return { wish: { thresholds: null }, done: 'thresholds' }
  const typed = textsOf(form, [...DURATIONS, 'learn'])
  const given = DURATIONS.filter((name) => typed[name] !== '').map((name) => [name, typed[name]])
  const learn = typed['learn'] === '' ? {} : { learn: typed['learn'] === 'yes' }
  const checked = ThresholdInput.safeParse({ ...Object.fromEntries(given), ...learn })
  if (checked.success) return { wish: { thresholds: checked.data }, done: 'thresholds' }
  const words = Object.fromEntries(DURATIONS.map((name) => [name, duration]))
  return refused('thresholds', typed, checked.error, { ...words, cap })
}

/** One of the profiles of the configuration, or none. */
export function profileReader(profiles: () => readonly string[]): FormReader {
  const input = z.object({ profile: profileInput(profiles) })
  return (form, { profile }) => {
    const typed = textsOf(form, ['profile'])
    const checked = input.safeParse(typed)
    if (checked.success) return { wish: checked.data, done: 'profile' }
    return refused('profile', typed, checked.error, { profile })
  }
}

const LifecycleInput = z.object({ lifecycle: z.enum(['active', 'suspended', 'decommissioned']) })

/** Whether the terminal is in service. */
export const readLifecycle: FormReader = (form, { lifecycle }) => {
  const typed = textsOf(form, ['lifecycle'])
  const checked = LifecycleInput.safeParse(typed)
  if (checked.success) return { wish: checked.data, done: 'lifecycle' }
  return refused('lifecycle', typed, checked.error, { lifecycle })
}

function textsOf(form: Form, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, formText(form, name).trim()]))
}

function refused(
  form: string,
  typed: Tried['typed'],
  error: z.ZodError,
  words: Readonly<Record<string, string>>,
): Read {
  const names = new Set(error.issues.map(({ path }) => String(path[0])))
  const faults = [...names].map((name) => [name, words[name] ?? ''])
  return { tried: { form, typed, faults: Object.fromEntries(faults) } }
}
