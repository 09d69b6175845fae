import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { connect, MqttClient } from 'mqtt'
import { clientOptions, type LinkPlan, type ProtocolVersion } from './options.ts'
import { PacedSocket } from './paced-socket.ts'

/** A client that is on its way to the broker. Throws where the options cannot even be tried (a broken certificate). */
export function openClient(plan: LinkPlan, version: ProtocolVersion): MqttClient {
  const options = clientOptions(plan, version)
  const { scheme, host, port } = plan.endpoint
  switch (scheme) {
    case 'mqtt':
      return new MqttClient(() => new PacedSocket((onread) => connectTcp({ host, port, onread })), options)
    case 'mqtts':
      return new MqttClient(() => new PacedSocket((onread) => openTls(plan, onread)), options)
    default:
      return connect(options)
  }
}

/** An address is no server name: certificates for it are checked all the same, but none is asked for by it. */
function openTls({ endpoint: { host, port }, ca }: LinkPlan, onread: OnReadOpts): Socket {
  const servername = isIP(host) === 0 ? host : undefined
  // `onread` is documented for tls.connect, and missing in its types.
  const options: ConnectionOptions & { readonly onread: OnReadOpts } = { host, port, servername, ca, onread }
  return connectTls(options)
}
