import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { connect, MqttClient } from 'mqtt'
import { clientOptions, type LinkPlan, type ProtocolVersion } from './options.ts'
import { type PacedOptions, PacedSocket } from './paced-socket.ts'

/** A client that is on its way to the broker. Throws where the options cannot even be tried (a broken certificate). */
export function openClient(plan: LinkPlan, version: ProtocolVersion): MqttClient {
  const options = clientOptions(plan, version)
  const { scheme, host, port } = plan.endpoint
  switch (scheme) {
    case 'mqtt':
      return new MqttClient(() => new PacedSocket((paced) => connectTcp({ host, port, ...paced })), options)
    case 'mqtts':
      return new MqttClient(() => new PacedSocket((paced) => openTls(plan, paced)), options)
    default:
      return connect(options)
  }
}

function openTls({ endpoint: { host, port }, ca }: LinkPlan, paced: PacedOptions): Socket {
  // An address is no server name, and no certificate is asked for by it.
  const servername = isIP(host) === 0 ? host : undefined
  // The environment may switch off what is the default. Both of `paced` are documented, and missing in the types.
  const options: ConnectionOptions & PacedOptions = {
    host,
    port,
    servername,
    ca,
    rejectUnauthorized: true,
    ...paced,
  }
  return connectTls(options)
}
