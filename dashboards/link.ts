import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard'

/** Where the service's own pages are: a variable of each dashboard, overwritten by its field or by the address. */
const PAGES = `\${public_url}`

/** All dashboards bear it; the links between them are made from it. */
export const TAG = 'omnicomm-watch'

/** From a value to a page of the service, such as `/letters`. */
export function toPage(title: string, path: string): Builder<DashboardLink> {
  return shown(
    new DashboardLinkBuilder(title)
      .url(PAGES + path)
      .icon('external link')
      .targetBlank(true),
  )
}

/** From a value to another dashboard, for the same time. */
export function toDashboard(title: string, uid: string, parameters = ''): Builder<DashboardLink> {
  const carried = `\${public_url:queryparam}&\${__url_time_range}`
  return shown(new DashboardLinkBuilder(title).url(`/d/${uid}?${parameters}${carried}`))
}

/** All dashboards, side by side. */
export function toAllDashboards(): Builder<DashboardLink> {
  return shown(
    new DashboardLinkBuilder('Dashboards')
      .type(DashboardLinkType.Dashboards)
      .tags([TAG])
      .asDropdown(false)
      .keepTime(true)
      .includeVars(true),
  )
}

/** The SDK presets what hides a link in a menu of newer versions. */
function shown(builder: DashboardLinkBuilder): Builder<DashboardLink> {
  return {
    build() {
      const { placement: _, ...link } = builder.build()
      return link
    },
  }
}
