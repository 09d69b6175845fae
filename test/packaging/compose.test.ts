import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import {
  type ComposeService,
  type Env,
  exampleEnv,
  exampleVariables,
  interpolate,
  ROOT,
  readCompose,
  readText,
  readYaml,
} from './compose-file.ts'

const compose = readCompose(exampleEnv())
const services = Object.entries(compose.services)
const TEXT = readText('docker-compose.yml')

const { NODE_COMPILE_CACHE } = process.env
const COMPILE_CACHE = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }

function serviceOf(name: string): ComposeService {
  const service = compose.services[name]
  if (service === undefined) throw new Error(`there is no service ${name}`)
  return service
}

/** `source:target[:ro]` of every mount. */
function mountsOf({ volumes }: ComposeService) {
  return volumes.map((mount) => {
    const [source = '', target = '', mode] = mount.split(':')
    return { source, target, mode, isOfRepository: source.startsWith('./') }
  })
}

describe('variables', () => {
  test('each variable of docker-compose.yml is in .env.example, and none is there in vain', () => {
    const used = [...TEXT.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name)
    const { required, optional } = exampleVariables()
    expect([...required, ...optional].sort()).toEqual([...new Set(used)].sort())
  })

  test('are read by a shell too, all of them taken into use: README sends a first message so', () => {
    using folder = tempFolder()
    const used = readFileSync(`${ROOT}.env.example`, 'utf8').replaceAll(/^# (?=[A-Z_]+=)/gm, '')
    writeFileSync(folder.file('.env'), used)
    const { stdout, stderr } = spawnSync('sh', ['-c', '. ./.env; echo "$LETTERS_FROM"'], {
      cwd: folder.path,
      encoding: 'utf8',
    })
    expect([stdout, stderr]).toEqual(['Omnicomm Online <watch@example.org>\n', ''])
  })

  test('each secret that must be made stops Compose with an advice while it is missing; the others have defaults', () => {
    const { required, optional } = exampleVariables()
    for (const name of required) {
      expect(() => readCompose({ ...exampleEnv(), [name]: '' })).toThrow(
        `${name}: run sh config/docker/make-env.sh`,
      )
    }
    for (const name of optional) expect(TEXT).toContain(`\${${name}:-`)
    expect(TEXT.replace(/^ *#.*$/gm, '')).not.toMatch(/\$\{[A-Z_]+\}/)
  })

  test.each([
    ['a %{A} b', { A: '1' }, 'a 1 b'],
    ['%{A:-x}%{A:-%{B:?no}}', { B: '2' }, 'x2'],
    ['%%SYS %{A}', { A: '1' }, '$SYS 1'],
  ])('%s (with dollars) is filled in by the rules of Compose', (text, env: Env, result) => {
    expect(interpolate(text.replaceAll('%', '$'), env)).toBe(result)
  })
})

describe('images', () => {
  test.each(services)('%s has an image of one exact version', (_, { image }) => {
    expect(image).toMatch(/^[a-z/-]+:v?\d+\.\d+\.\d+$/)
  })

  test('our own image has the version of the program', () => {
    const { version } = JSON.parse(readText('package.json'))
    const { image, build } = serviceOf('watch')
    expect(image).toBe(`omnicomm-watch:${version}`)
    expect(existsSync(join(ROOT, build?.context ?? '', build?.dockerfile ?? ''))).toBe(true)
  })
})

describe('each container', () => {
  test.each(services)('%s has no rights to spare, comes back, and has a bounded log', (name, service) => {
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.security_opt).toEqual(['no-new-privileges:true'])
    expect(service.restart).toBe('unless-stopped')
    expect(service.logging).toEqual({ driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } })
    const health = name === 'watch' ? readText('config/docker/Dockerfile') : service.healthcheck?.test[0]
    expect(health).toMatch(name === 'watch' ? /^HEALTHCHECK /m : /^CMD$/)
  })

  test('what is mounted from the repository exists and is read-only; every named volume is declared and used', () => {
    const mounts = services.flatMap(([, service]) => mountsOf(service))
    const ours = mounts.filter(({ isOfRepository }) => isOfRepository)
    expect(ours.length).toBeGreaterThan(5)
    for (const { source, mode } of ours) {
      expect(existsSync(join(ROOT, source)), source).toBe(true)
      expect(mode, source).toBe('ro')
    }
    const named = mounts.flatMap(({ source, isOfRepository }) => (isOfRepository ? [] : [source]))
    expect(named.sort()).toEqual(Object.keys(compose.volumes).sort())
  })

  test('who publishes no port and calls nobody outside is in the inner network only', () => {
    expect(compose.networks['inside']?.internal).toBe(true)
    const outside = services.filter(([, { networks }]) => networks.includes('outside')).map(([name]) => name)
    expect(outside).toEqual(['watch', 'mosquitto', 'prometheus', 'alertmanager', 'grafana'])
    for (const [name, { ports = [], networks }] of services) {
      expect(networks, name).toContain('inside')
      expect(ports.length > 0, name).toBe(networks.includes('outside'))
    }
  })

  test('every port is published on loopback until somebody decides otherwise', () => {
    const published = services.flatMap(([, { ports = [] }]) => ports)
    expect(published).toEqual([
      '127.0.0.1:8080:8080',
      '127.0.0.1:1883:1883',
      '127.0.0.1:8883:8883',
      '127.0.0.1:9090:9090',
      '127.0.0.1:9093:9093',
      '127.0.0.1:3000:3000',
    ])
  })

  test('the service waits for nothing but the broker, and has more time to stop than it needs', () => {
    const { depends_on, stop_grace_period, read_only } = serviceOf('watch')
    expect(depends_on).toEqual({
      mosquitto: { condition: 'service_healthy' },
      influxdb: { condition: 'service_started' },
    })
    expect(Number.parseInt(stop_grace_period ?? '', 10)).toBeGreaterThan(10)
    expect(read_only).toBe(true)
  })

  test('a secret from .env becomes a file only where the root is writable, as Compose demands', () => {
    for (const [name, { secrets = [], read_only = false }] of services) {
      if (secrets.length > 0) expect(read_only, name).toBe(false)
      for (const secret of secrets) expect(compose.secrets).toHaveProperty(secret)
    }
  })
})

describe('addresses', () => {
  const watch = readYaml('config/docker/watch.yaml')
  const prometheus = readYaml('config/docker/prometheus.yml')
  const { datasources } = readYaml('config/grafana/provisioning/datasources/datasources.yaml')

  /** Ports that the containers listen on, by the configurations that say so. */
  const listening: Readonly<Record<string, readonly string[]>> = {
    watch: [String(watch.http.port)],
    mosquitto: ['access.conf', 'tls/tls.conf.example'].map(
      (name) => /^listener (\d+)/m.exec(readText(`config/mosquitto/${name}`))?.[1] ?? '',
    ),
    influxdb: ['8086'],
    prometheus: ['9090'],
    alertmanager: ['9093'],
    grafana: ['3000'],
  }

  test('published ports are those that the configurations name', () => {
    for (const [name, { ports = [] }] of services) {
      const inner = ports.map((port) => port.split(':').at(-1))
      if (inner.length > 0) expect(inner, name).toEqual(listening[name])
    }
  })

  test.each([
    ['the source of the service', watch.sources[0].url],
    ['its history', watch.influx.url],
    ['what Prometheus reads', `http://${prometheus.scrape_configs[0].static_configs[0].targets[0]}`],
    ['where alerts go', `http://${prometheus.alerting.alertmanagers[0].static_configs[0].targets[0]}`],
    ...datasources.map(({ name, url }: { name: string; url: string }) => [`Grafana's ${name}`, url]),
  ])('%s is a container and a port of it: %s', (_, url) => {
    const { hostname, port } = new URL(url)
    expect(listening[hostname]).toContain(port)
  })

  test('the health checks ask the ports that are listened on', () => {
    for (const name of ['prometheus', 'alertmanager', 'grafana']) {
      const { port } = new URL(serviceOf(name).healthcheck?.test.at(-1) ?? '')
      expect(listening[name]).toEqual([port])
    }
  })
})

describe('Prometheus', () => {
  const ours = readYaml('config/docker/prometheus.yml')

  test('in Compose it is configured as without, but for addresses and the place of the token', () => {
    const plain = readYaml('config/prometheus/prometheus.yml')
    plain.alerting.alertmanagers[0].static_configs[0].targets = ['alertmanager:9093']
    plain.scrape_configs[0].authorization.credentials_file = '/run/secrets/metrics-token'
    plain.scrape_configs[0].static_configs[0].targets = ['watch:8080']
    expect(ours).toEqual(plain)
  })

  test('it finds its configuration, its rules and the token that the service demands', () => {
    const { command = [], secrets } = serviceOf('prometheus')
    const targets = mountsOf(serviceOf('prometheus')).map(({ target }) => target)
    expect(targets).toContain(/--config.file=(.*)/.exec(command[0] ?? '')?.[1])
    expect(targets).toContain('/etc/prometheus/rules')
    expect(ours.rule_files).toEqual(['rules/*.yml'])
    expect(readdirSync(`${ROOT}config/prometheus/rules`).some((name) => name.endsWith('.yml'))).toBe(true)
    const [secret = ''] = secrets ?? []
    expect(ours.scrape_configs[0].authorization.credentials_file).toBe(`/run/secrets/${secret}`)
    expect(readYaml('config/docker/watch.yaml').http.metricsToken).toBe(
      `\${${compose.secrets[secret]?.environment}}`,
    )
  })

  test('Alertmanager finds its configuration', () => {
    const [mount] = mountsOf(serviceOf('alertmanager'))
    const file = /--config.file=(.*)/.exec(serviceOf('alertmanager').command?.[0] ?? '')?.[1] ?? ''
    expect(existsSync(join(ROOT, file.replace(mount?.target ?? '?', mount?.source ?? '')))).toBe(true)
  })
})

describe('Grafana', () => {
  const grafana = serviceOf('grafana')
  const provider = readYaml('config/grafana/provisioning/dashboards/dashboards.yaml').providers[0]

  test('its provisioning and the dashboards are mounted where it looks for them', () => {
    const mounts = mountsOf(grafana)
    expect(mounts.find(({ target }) => target === '/etc/grafana/provisioning')?.source).toBe(
      './config/grafana/provisioning',
    )
    expect(mounts.find(({ target }) => target === provider.options.path)?.source).toBe(
      './dashboards/generated',
    )
  })

  test('every data source that a dashboard names is provisioned', () => {
    const provisioned = readYaml('config/grafana/provisioning/datasources/datasources.yaml').datasources
    const uids = new Set(provisioned.map(({ uid }: { uid: string }) => uid))
    expect(uids).toEqual(new Set(['prometheus', 'influxdb']))
    const folder = `${ROOT}dashboards/generated/`
    const dashboards = readdirSync(folder).filter((name) => name.endsWith('.json'))
    expect(dashboards.length).toBeGreaterThan(0)
    for (const name of dashboards) {
      for (const uid of dataSourcesIn(JSON.parse(readFileSync(folder + name, 'utf8')))) {
        expect([...uids, '-- Grafana --', '-- Mixed --', 'grafana'], `${name}: ${uid}`).toContain(uid)
      }
    }
  })

  test('the variables of its data sources are those of the container', () => {
    const text = readText('config/grafana/provisioning/datasources/datasources.yaml').replace(/^ *#.*$/gm, '')
    const named = [...text.matchAll(/\$(\w+)/g)].map(([, name = '']) => name)
    expect(named.length).toBe(3)
    for (const name of named) expect(grafana.environment).toHaveProperty(name)
  })

  test('it reads the organisation and the bucket that the service writes and InfluxDB sets up', () => {
    const watch = serviceOf('watch').environment ?? {}
    const influx = serviceOf('influxdb').environment ?? {}
    for (const [name, initial] of [
      ['INFLUX_ORG', 'DOCKER_INFLUXDB_INIT_ORG'],
      ['INFLUX_BUCKET', 'DOCKER_INFLUXDB_INIT_BUCKET'],
      ['INFLUX_TOKEN', 'DOCKER_INFLUXDB_INIT_ADMIN_TOKEN'],
    ] as const) {
      expect(grafana.environment?.[name]).toBe(influx[initial])
      expect(watch[name]).toBe(influx[initial])
    }
  })
})

function dataSourcesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = 'datasource' in value ? uidOf(value.datasource) : []
  return [...own, ...Object.values(value).flatMap(dataSourcesIn)]
}

function uidOf(reference: unknown): string[] {
  if (typeof reference !== 'object' || reference === null || !('uid' in reference)) return []
  return [String(reference.uid)]
}

describe('make-env.sh', () => {
  test('writes secrets of its own into .env, for its owner only, and touches none that is there', () => {
    using folder = tempFolder()
    mkdirSync(folder.file('config/docker'), { recursive: true })
    copyFileSync(`${ROOT}.env.example`, folder.file('.env.example'))
    copyFileSync(`${ROOT}config/docker/make-env.sh`, folder.file('config/docker/make-env.sh'))
    const run = () => spawnSync('sh', [folder.file('config/docker/make-env.sh')], { encoding: 'utf8' })

    expect(run().status).toBe(0)
    const written = readFileSync(folder.file('.env'), 'utf8')
    expect(statSync(folder.file('.env')).mode & 0o777).toBe(0o600)
    const made = Object.fromEntries(
      [...written.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    )
    expect(Object.keys(made)).toEqual(exampleVariables().required)
    for (const secret of Object.values(made)) expect(secret).toMatch(/^[0-9a-f]{48}$/)
    expect(new Set(Object.values(made)).size).toBe(exampleVariables().required.length)

    expect(run().status).toBe(1)
    expect(readFileSync(folder.file('.env'), 'utf8')).toBe(written)
  })
})

describe('config/docker/watch.yaml', () => {
  test('names only variables that the container has, and check-config finds no fault with them', () => {
    const { environment = {} } = serviceOf('watch')
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['src/main.ts', 'check-config', '--config', 'config/docker/watch.yaml'],
      { cwd: ROOT, env: { ...environment, ...COMPILE_CACHE }, encoding: 'utf8' },
    )
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toContain('host: 0.0.0.0')
    expect(stdout).toContain('trustProxy: false')
    for (const secret of Object.values(exampleEnv())) expect(stdout).not.toContain(secret)
  })

  test('the folder of its data and its own place are mounts', () => {
    const targets = mountsOf(serviceOf('watch')).map(({ target }) => target)
    expect(targets).toContain(readYaml('config/docker/watch.yaml').data)
    expect(readText('config/docker/Dockerfile')).toContain('"--config", "/etc/omnicomm-watch/watch.yaml"')
    expect(targets).toContain('/etc/omnicomm-watch')
  })
})

const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0

// .ci/run fetches it where it can: it is no server that REQUIRE_SERVERS may demand.
describe.skipIf(!hasCompose)('Docker Compose (skipped where it is not installed)', () => {
  test('accepts the file with every profile', () => {
    const run = spawnSync('docker', ['compose', '--profile', 'alerts', 'config', '--quiet'], {
      cwd: ROOT,
      env: { ...process.env, ...exampleEnv() },
      encoding: 'utf8',
    })
    expect(run.stderr).toBe('')
    expect(run.status).toBe(0)
  })
})
