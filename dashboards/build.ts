import { writeFile } from 'node:fs/promises'
import { generatedFiles } from './all.ts'

// `npm run generate`: writes the dashboards that Grafana reads. A test holds the committed files against them.
for (const [name, text] of generatedFiles()) {
  await writeFile(new URL(`generated/${name}`, import.meta.url), text)
}
