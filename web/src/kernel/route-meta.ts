// What a route says about itself. Shells build their menus and their guard from it.
import 'vue-router'
import type { Right } from './api'

declare module 'vue-router' {
  interface RouteMeta {
    /** i18n key of the page's title. */
    title: string
    /** Right needed to open it; none: signed in is enough. */
    right?: Right
    /** Opens without an account. */
    public?: boolean
    /** No top bar and menu around it (wall, sign-in). */
    bare?: boolean
    /** Place in the desk menu. */
    menu?: { group: 'cases' | 'boards' | 'org'; order: number; icon: object }
    /** Path of the menu entry to light up for pages that have none of their own. */
    under?: string
  }
}
export {}
