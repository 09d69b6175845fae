import { isInScope, type Scope } from '../../src/core/fleet/scope.ts'
import type { TerminalView } from '../../src/core/fleet/view.ts'
import type { CheckFacts, ToldReplies } from '../../src/core/request/check-facts.ts'
import { createPastedNames, findPasted } from '../../src/core/request/pasted-list.ts'
import { pastedWords } from '../../src/core/request/pasted-text.ts'
import { LONGEST_REPLY, smsReplies } from '../../src/core/request/sms-reply.ts'
import type { CheckDesk } from '../../src/http/deps/check.ts'
import type { AppDeps } from '../../src/http/deps.ts'

type World = {
  readonly terminals: readonly TerminalView[]
  readonly checkFacts: Partial<CheckFacts>
  readonly replies: ToldReplies
}

/** The check over the plain data of the tests; what it gathers beside the fleet are the things that tests set. */
export function worldCheck(
  world: World,
  deps: Pick<AppDeps, 'fleet' | 'notes' | 'service' | 'requests' | 'contacts'>,
): CheckDesk {
  const seen = (scope: Scope) => world.terminals.filter((view) => isInScope(scope, view))
  return {
    facts: async (id, who, problem) => {
      const fleet = deps.fleet.seenBy(who.scope)
      const view = fleet.get(id)
      const said = fleet.facts(id)
      if (!view || !said) return undefined
      return {
        view,
        said,
        replies: world.replies,
        blindSince: null,
        incident: null,
        disputed: false,
        requests:
          problem?.about === 'service'
            ? deps.requests.seenBy(who).openOn(problem.id)
            : deps.requests.seenBy(who).openOf(view.id),
        service: {
          name: deps.service.name,
          host: 'online.example.org',
          status: deps.service.status(),
          planned: null,
        },
        login: who.scope === 'all' ? 'watcher' : '',
        contact: deps.contacts.contactOf(view.dealer) ?? null,
        ...world.checkFacts,
      }
    },
    find: async (text, scope) => {
      const words = pastedWords(text)
      const names = createPastedNames(words)
      const terminals = seen(scope)
      for (const { id, name } of terminals) names.add(id, name)
      const exact = (word: string) => deps.fleet.seenBy(scope).get(word)?.id
      const whole = exact(text.trim())
      if (whole !== undefined) return { found: [{ text, ids: [whole] }], notFound: [], more: false }
      return findPasted(words, { exact, named: names.named, plated: names.plated })
    },
    noteReply: async (id, text, who, actor) => {
      const view = deps.fleet.seenBy(who.scope).get(id)
      if (!view) return { kind: 'missing' }
      if (text.length > LONGEST_REPLY) return { kind: 'too-long' }
      const replies = smsReplies(text)
      if (replies.length === 0) return { kind: 'no-reply' }
      const info = replies.find((reply) => reply.kind === 'info')
      if (info?.terminalId !== undefined && info.terminalId !== view.id) {
        return { kind: 'other-terminal', name: info.terminalId }
      }
      const note = await deps.notes.add(view, { kind: 'reply', text }, actor)
      return { kind: 'kept', note, replies }
    },
  }
}
