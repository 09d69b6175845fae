import type { PartTexts } from '../outline.ts'

/** For those who run the program, in English. */
export const administratorEn: PartTexts<'administrator'> = {
  login: {
    title: 'Signing in',
    blocks: [
      {
        list: [
          'The first password of the user `admin` was shown once, at the first start, where the program was started.',
          'A lost password is replaced by an administrator. If it is his own: set the environment variable `WATCH_ADMIN_TOKEN`, restart, and enter it in place of the password of `admin`.',
          'After too many wrong passwords you have to wait; the page says for how long.',
          'A change of password, role or clients ends what was signed in before: sign in again.',
          'Behind a reverse proxy you are signed out again and again? Check `http.publicUrl` and `http.trustProxy`.',
        ],
      },
    ],
  },
  accounts: {
    title: 'Accounts',
    blocks: [
      'Everybody has an account of his own, on the page [Users](/users): then the [audit trail](/audit) tells who did what. A password is shown once, and its owner chooses his own at once, of at least 12 characters.',
      { words: 'role' },
      'When somebody leaves, remove the account. His session and his token end at once.',
    ],
  },
  tokens: {
    title: 'Tokens',
    blocks: [
      'A token is a password for programs. It is shown once.',
      {
        list: [
          '**Token of an account**: on the page [Users](/users). It may do what the role may.',
          '**Token of a source**: `sources[].token` in the configuration, for one source by HTTP. Where it is not set, the first start printed it.',
          '**Token of the metrics**: `http.metricsToken`, for Prometheus.',
        ],
      },
      { code: 'curl -H "Authorization: Bearer TOKEN" https://watch.example.org/api/v1/summary' },
      'All that the API can do is described at `/api/v1/openapi.json`.',
    ],
  },
  sources: {
    title: 'Sources of data',
    blocks: [
      'Sources are listed under `sources` of the configuration: MQTT, HTTP, Omnicomm Online, direct connections of terminals. README has ready examples.',
      {
        steps: [
          'Change the file and check it with `check-config`.',
          'Reload it: the signal `SIGHUP`, or `systemctl reload omnicomm-watch`. A file with a fault is not taken, and the one before stays.',
          'Nothing comes? Take one message and ask what the program sees in it: the command `decode`.',
        ],
      },
      'A source is not heard: check its address, user and password, the certificate, the network. The log of the program says why.',
    ],
  },
  inventory: {
    title: 'Inventory',
    blocks: [
      'A terminal appears by itself, with its first message. Name, client, dealer, model and the rest come from a CSV file on the page [Inventory](/inventory), from the vehicle tree of Omnicomm Online, or from people.',
      'Adopt discovered terminals and settle conflicts: there the program decides nothing by itself.',
      'Client and group matter: by them a dealer sees his terminals, digests are sent and mass silence is recognised.',
    ],
  },
  smtp: {
    title: 'Mail',
    blocks: [
      'Letters go through your mail server: `letters.smtp` and `letters.from`. Until it is set, letters become files and nobody gets them.',
      { code: 'npm run -s watch -- test-letter me@example.org' },
      'This sends a test letter and prints the whole conversation with the server. Do it before the first outage.',
      'Special characters of a password are escaped: `@` is `%40`, `/` is `%2F`. The mailbox must be allowed to send as `from`.',
    ],
  },
  backup: {
    title: 'Backup',
    blocks: [
      'Everything is in the folder `data`. The database is copied while the program runs:',
      { code: 'npm run -s watch -- backup /var/backups/watch.sqlite' },
      'To restore: stop the program, run `config/backup/restore.sh`, start it again. Copy configuration and secrets by themselves. Try the restore on another machine twice a year.',
    ],
  },
  configuration: {
    title: 'Configuration',
    blocks: [
      'One file, `config/watch.yaml`. Every key may be left out. The full list with explanations is `config/README.md`, an example is `config/watch.example.yaml`. Secrets come from environment variables; the example shows how.',
      { code: 'npm run -s watch -- check-config' },
      'This names all faults at once and shows what is in effect, secrets masked.',
    ],
  },
  monitoring: {
    title: 'Who watches the watcher',
    blocks: [
      {
        list: [
          '`/healthz`: the program is alive. `/readyz`: it can do its work; if not, it says why.',
          '`/metrics`: for Prometheus. Alert rules are in `config/prometheus`, what to do about each is in README.',
          '`letters.watchdogUrl`: an address that the program calls while its letters are in order. When it stops, a service of somebody else tells you.',
        ],
      },
    ],
  },
}
