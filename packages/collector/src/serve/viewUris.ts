/** Addresses of the views: known to the tools whose answers they show, and to the resources that hold them. */
export const DASHBOARD_VIEW_URI = 'ui://mcp-vitals/dashboard';
export const REPORT_VIEW_URI = 'ui://mcp-vitals/report';
