import type { Client } from 'aedes'

type Reader = {
  readonly conn: NodeJS.EventEmitter
  /** Packets that it works on. */
  _parsingBatch: number
  /** Ends one of them; at the last it reads on. */
  readonly _nextBatch: () => void
}

/**
 * aedes reads on at any bytes that come: with packets that are longer than a chunk a publisher was held up by nobody,
 * and filled the memory while a subscriber took nothing. This way it reads on when it is through with what it has.
 */
export function readInTurn(client: Client): void {
  // Not in its types: how it reads.
  const reader = client as unknown as Reader
  reader.conn.removeListener('readable', reader._nextBatch)
  reader._parsingBatch = 0
  reader.conn.on('readable', () => {
    if (reader._parsingBatch === 0) reader._nextBatch()
  })
}
