/** Generated from docs/openapi.json by `npm run docs`; do not edit. */
export interface paths {
    "/alert-quality": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How good the alerts of the last 30 days were
         * @description Needs a token of scope `read`.
         */
        get: operations["getAlertQuality"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alert-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rules that raise alerts; `set_performance_alert` sets them
         * @description Needs a token of scope `read`.
         */
        get: operations["getAlertRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alert-rules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a rule; its alerts end with the next minute
         * @description Needs a token of scope `admin`.
         */
        delete: operations["deleteAlertRulesName"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Alerts, newest first
         * @description Needs a token of scope `read`.
         */
        get: operations["getAlerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alerts/{id}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say whether an alert was worth it
         * @description Needs a token of scope `admin`.
         */
        post: operations["postAlertsIdFeedback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analysis/cost": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What calls cost: time, processor, tokens; and what could be saved
         * @description Needs a token of scope `read`.
         */
        get: operations["getAnalysisCost"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analysis/dashboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What all analyses say, side by side
         * @description Needs a token of scope `read`.
         */
        get: operations["getAnalysisDashboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analysis/document": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The analysis dashboard as a document
         * @description HTML is one file with its charts; a PDF is printed by a Chromium on the machine of the collector, 404 without one. Needs a token of scope `read`.
         */
        get: operations["getAnalysisDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analysis/replicas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many instances servers need
         * @description Needs a token of scope `read`.
         */
        get: operations["getAnalysisReplicas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/anomalies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Anomalies that were going on within a range, newest first
         * @description Needs a token of scope `read`.
         */
        get: operations["getAnomalies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/anomalies/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An anomaly and the minutes around it
         * @description Needs a token of scope `read`.
         */
        get: operations["getAnomaliesId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was changed, by whom, newest first
         * @description Needs a token of scope `read`.
         */
        get: operations["getAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/calls/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a streamed call with what it has
         * @description The first line of the stream has the id. Only who began the call may end it.
         */
        delete: operations["cancelCall"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Notification channels and how they do
         * @description Needs a token of scope `read`.
         */
        get: operations["getChannels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test notification
         * @description Needs a token of scope `admin`.
         */
        post: operations["postChannelsIdTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/comparison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether one environment, or one version of a server, does worse than another
         * @description Needs a token of scope `read`.
         */
        get: operations["getComparison"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deploys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * New versions that were seen, newest first
         * @description Needs a token of scope `read`.
         */
        get: operations["getDeploys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/distribution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How durations are spread over a span, and over another one in the same bins
         * @description Needs a token of scope `read`.
         */
        get: operations["getDistribution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Newest errors: class and code, at most 20 per tool
         * @description Needs a token of scope `read`.
         */
        get: operations["getErrors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forwarding": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where everything is forwarded to, and how far it has got
         * @description Needs a token of scope `read`.
         */
        get: operations["getForwarding"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/in-flight": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Calls that have begun and not ended, oldest first
         * @description Needs a token of scope `read`.
         */
        get: operations["getInFlight"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/objectives": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Objectives, how much of their error budgets is left, and how fast they burn
         * @description Needs a token of scope `read`.
         */
        get: operations["getObjectives"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/objectives/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set an objective, or change it
         * @description Needs a token of scope `admin`.
         */
        put: operations["putObjectivesName"];
        post?: never;
        /**
         * Remove an objective
         * @description Needs a token of scope `admin`.
         */
        delete: operations["deleteObjectivesName"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/optimizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Policies in force, the processes that obey them, and what became of those before, newest first
         * @description Needs a token of scope `read`.
         */
        get: operations["getOptimizations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/optimizations/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a server back what was before its policy
         * @description Needs a token of scope `admin`.
         */
        post: operations["postOptimizationsUndo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health, servers, alerts, changes and where the time goes; the figures of `get_performance_dashboard`
         * @description Needs a token of scope `read`.
         */
        get: operations["getOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A report, of a period, a day or a week, as a document
         * @description Without times: the last day, of kind `weekly` the last week. HTML is one file with its charts. Needs a token of scope `read`.
         */
        get: operations["getReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a server’s processes used over time
         * @description Needs a token of scope `read`.
         */
        get: operations["getResources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/servers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every server that has reported
         * @description Needs a token of scope `read`.
         */
        get: operations["getServers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What this token or session may do */
        get: operations["getSession"];
        put?: never;
        /** Trade a one-time code or a token for a cookie */
        post: operations["beginSession"];
        /** End the session of this browser */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a one-time code for a browser
         * @description Needs a token of scope `admin`.
         */
        post: operations["createSessionCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The settings in force, without secrets
         * @description Needs a token of scope `read`.
         */
        get: operations["getSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/silences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Silences that have not ended
         * @description Needs a token of scope `read`.
         */
        get: operations["getSilences"];
        put?: never;
        /**
         * Send nothing of a server or a tool for a while
         * @description Needs a token of scope `admin`.
         */
        post: operations["postSilences"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/silences/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a silence now
         * @description Needs a token of scope `admin`.
         */
        delete: operations["deleteSilencesId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Server-sent events: `hello`, then `overview` and `alert`
         * @description `hello` says the collector’s version and when it started; `overview` is the answer of `/overview`, every few seconds; `alert` says that one changed. Needs a token of scope `read`.
         */
        get: operations["getStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/threshold-proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Thresholds that would fit the last week; nothing is set
         * @description Needs a token of scope `read`.
         */
        get: operations["getThresholdProposals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/thresholds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Thresholds in force; `set_alert_threshold` changes them
         * @description Needs a token of scope `read`.
         */
        get: operations["getThresholds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/thresholds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a threshold that was set; where it stood for a default, that holds again
         * @description Needs a token of scope `admin`.
         */
        delete: operations["deleteThresholdsId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Calls, errors, outcomes and quantiles over time, of everything, a server or a series
         * @description Needs a token of scope `read`.
         */
        get: operations["getTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tokens that are limited to a workspace, oldest first
         * @description Needs a token of scope `admin`.
         */
        get: operations["getTokens"];
        put?: never;
        /**
         * Make a token that is limited to a workspace
         * @description Needs a token of scope `admin`.
         */
        post: operations["postTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a token; sessions that were begun with it end
         * @description Needs a token of scope `admin`.
         */
        delete: operations["deleteTokensId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tools that were called within a range, with their figures
         * @description Needs a token of scope `read`.
         */
        get: operations["getTools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tools/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call one of the MCP tools: the same arguments, the same result
         * @description Tools that change something need a token of scope `admin`. `docs/tools.md` has their schemas.
         */
        post: operations["callTool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Workspaces of the servers that have reported, by name
         * @description Needs a token of scope `read`.
         */
        get: operations["getWorkspaces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Alert: {
            acknowledgedAt: string | null;
            acknowledgedBy: string | null;
            alertId: string;
            anomalyId: string | null;
            /** @description Since when the condition no longer holds */
            clearedAt: string | null;
            condition: string;
            /** @description ISO 8601, UTC */
            createdAt: string;
            currentValue: number;
            escalatedAt: string | null;
            evidence: string[];
            feedback: ("useful" | "false") | null;
            notes: string | null;
            repeats: number;
            resolvedAt: string | null;
            server: string;
            /** @enum {string} */
            severity: "warning" | "critical";
            /** @enum {string} */
            status: "pending" | "active" | "acknowledged" | "escalated" | "resolved";
            threshold: number;
            /** @description Empty for a whole server */
            tool: string;
        };
        AlertRule: {
            /** @description Absent: as the routes say */
            channels?: string[];
            cooldownMinutes?: number;
            /** @description As `set_performance_alert` was told; absent for rules of the settings */
            grade?: string;
            /** @description Whether it comes from the settings, which only their file changes */
            isFixed: boolean;
            metric: string;
            name: string;
            operator: string;
            periodMinutes: number;
            /** @enum {string} */
            resolvesBy: "people" | "policy";
            /** @description `*` stands for anything */
            server: string;
            /** @enum {string} */
            severity: "warning" | "critical";
            statistic: string;
            threshold: number;
            tool: string;
        };
        AnalysisDashboard: {
            audit?: components["schemas"]["AuditEntry"][];
            benchmarks?: components["schemas"]["BenchmarkResult"][];
            collector?: {
                conditions: string[];
                databaseMb: number;
                freeDiskMb: number;
                series: number;
            };
            cost?: components["schemas"]["CostReport"];
            customMetrics?: {
                avg: number;
                errorRatePercent: number;
                /** @enum {string} */
                kind: "tool" | "resource" | "prompt" | "method" | "custom" | "wait" | "result_bytes" | "counter" | "gauge" | "overlapped" | "follows" | "queued" | "by_client";
                max: number;
                name: string;
                p95: number;
                samples: number;
                server: string;
                sum: number;
                unit: string;
            }[];
            findings?: components["schemas"]["Finding"][];
            forecasts?: components["schemas"]["Forecast"][];
            /** @description ISO 8601, UTC */
            from: string;
            /** @description ISO 8601, UTC */
            generatedAt: string;
            health: components["schemas"]["Health"];
            /** @description What could not be told, and why */
            missing: {
                part: string;
                reason: string;
            }[];
            overall: {
                /** @description ms */
                avgMs: number;
                calls: number;
                callsPerSecond: number;
                /** @description % */
                errorRatePercent: number;
                errors: number;
                /** @description ms */
                maxMs: number;
                /** @description ms */
                p50Ms: number;
                /** @description ms */
                p95Ms: number;
                /** @description ms */
                p99Ms: number;
            };
            policies?: components["schemas"]["PolicyInForce"][];
            /** @enum {string} */
            range: "live" | "hour" | "day" | "week" | "month";
            recommendations?: {
                /** @enum {string} */
                from: "bottleneck" | "cost" | "replicas" | "forecast";
                server: string;
                tool: string;
                what: string;
            }[];
            replicas?: components["schemas"]["ReplicaAdvice"][];
            server: string | null;
            servers: components["schemas"]["ServerFigures"][];
            timeline: {
                calls: number[];
                errors: number[];
                /** @description ISO 8601, UTC */
                from: string;
                p50Ms: (number | null)[];
                p95Ms: (number | null)[];
                stepSeconds: number;
            };
            /** @description ISO 8601, UTC */
            to: string;
            tools?: components["schemas"]["ToolStats"][];
            /** @enum {string} */
            type: "overview" | "detailed" | "automation" | "system";
        };
        Anomaly: {
            anomalyId: string;
            /** @description ISO 8601, UTC */
            at: string;
            /** @description 0 to 1 */
            confidence: number;
            currentValue: number;
            deviation: string;
            /** @description Null while it goes on; of a finding about one minute, the end of that minute */
            endedAt: string | null;
            expectedMax: number;
            expectedRange: string;
            /** @description What method `adaptive` knows more */
            incident: components["schemas"]["Incident"] | null;
            method: string;
            recommendations: string[];
            server: string;
            /** @enum {string} */
            severity: "info" | "warning" | "critical";
            /** @description Empty for a whole server */
            tool: string;
            type: string;
        };
        AuditEntry: {
            /** @enum {string} */
            action: "threshold.set" | "threshold.removed" | "alert_rule.set" | "alert_rule.removed" | "alert.acknowledged" | "alert.judged" | "silence.added" | "silence.ended" | "objective.set" | "objective.removed" | "channel.tested" | "benchmark.started" | "benchmark.ended" | "monitor.started" | "policy.applied" | "policy.undone" | "policy.kept" | "policy.expired" | "token.created" | "token.revoked";
            /** @description ISO 8601, UTC */
            at: string;
            by: string;
            details: {
                [key: string]: string | number | boolean | null;
            };
            entryId: string;
            /** @description Empty for all or none */
            server: string;
            summary: string;
        };
        BenchmarkResult: {
            /** @description ISO 8601, UTC */
            at: string;
            callsPerSecond: number;
            /** @description Against its baseline; empty without one */
            change: string;
            errorPercent: number;
            p95Ms: number | null;
            profile: string;
            target: string;
            tool: string;
        };
        CallStats: {
            /** @description ms */
            avgMs: number;
            calls: number;
            /** @description % */
            errorRatePercent: number;
            errors: number;
            /** @description ms */
            maxMs: number;
            /** @description ms */
            p50Ms: number;
            /** @description ms */
            p95Ms: number;
            /** @description ms */
            p99Ms: number;
        };
        Change: {
            /** @description ISO 8601, UTC */
            at: string;
            detail: string;
            id: string;
            /** @enum {string} */
            kind: "deploy" | "server_new" | "anomaly_began" | "anomaly_ended" | "alert_raised" | "alert_acknowledged" | "alert_resolved";
            server: string;
            /** @enum {string} */
            severity: "info" | "warning" | "critical";
            tool: string;
        };
        Compared: {
            from: number | null;
            to: number | null;
            /** @enum {string} */
            verdict: "same" | "better" | "worse" | "unknown";
        };
        CostReport: {
            bytesPerToken: number;
            currency: string;
            /** @description Of each tool and step the largest and the longest are known, no others */
            dearestCalls: components["schemas"]["DearCall"][];
            /** @description ISO 8601, UTC */
            from: string;
            /** @description What saves most first */
            savings: components["schemas"]["Saving"][];
            servers: {
                server: string;
                /** @description Of processor */
                totalSeconds: number | null;
                /** @description Of it, what no call can have used */
                unsharedSeconds: number;
            }[];
            /** @description ISO 8601, UTC */
            to: string;
            /** @description Most tokens first, then most processor, then most time */
            tools: components["schemas"]["ToolCost"][];
            total: {
                calls: number;
                cpuSeconds: number | null;
                /** @description Of calls, whose result was measured */
                measuredPercent: number;
                /** @description By name of the model, in the currency */
                prices: {
                    [key: string]: number;
                };
                /** @description Estimated from bytes */
                tokens: number;
                totalMs: number;
            };
        };
        DearCall: {
            /** @description It ended within the step that begins here */
            from: string;
            server: string;
            stepSeconds: number;
            tool: string;
            /** @enum {string} */
            unit: "ms" | "tokens";
            value: number;
        };
        Distribution: {
            /** @description Upper ends in ms, ascending, evenly spaced by their logarithm */
            boundsMs: number[];
            spans: {
                /** @description ISO 8601, UTC */
                from: string;
                /** @description Calls of each bin, % of the span’s */
                sharePercent: number[];
                summary: components["schemas"]["CallStats"];
                /** @description ISO 8601, UTC */
                to: string;
            }[];
        };
        Error: {
            /** @enum {string} */
            error: "invalid" | "unauthorized" | "forbidden" | "not_found" | "conflict" | "too_large" | "rate_limited" | "unavailable" | "internal";
            /** @description What can be done about it */
            hint?: string;
            message: string;
        };
        ExpectedLoad: {
            instances: number;
            /** @description Null where the queue would grow without end */
            p95WaitMs: number | null;
            utilisationPercent: number;
            /** @description Of calls, that wait for a free instance */
            waitingPercent: number;
        };
        ExplainedMinute: {
            /** @description ISO 8601, UTC */
            at: string;
            calls: number;
            cpuPercent?: number;
            errors: number;
            eventLoopDelayMs?: number;
            maxMs?: number;
            meanMs?: number;
            memoryMb?: number;
            p50Ms?: number;
        };
        Finding: {
            action: string;
            cause: string;
            /** @description That show it, where others do not */
            clients: string[];
            /** @description 0 to 1 */
            confidence: number;
            evidence: {
                name: string;
                unit: string;
                value: number;
            }[];
            server: string;
            /** @enum {string} */
            severity: "low" | "medium" | "high" | "critical";
            /** @description Of all time spent in tools */
            sharePercent: number | null;
            title: string;
            tools: string[];
        };
        Forecast: {
            forecast: {
                /** @description ISO 8601, UTC */
                at: string;
                high: number;
                low: number;
                value: number;
            }[];
            history: {
                /** @description ISO 8601, UTC */
                at: string;
                value: number | null;
            }[];
            /** @enum {string} */
            metric: "execution_time" | "error_rate" | "throughput" | "cpu" | "memory" | "event_loop_delay";
            server: string;
            /** @description Empty: the whole server */
            tool: string;
            unit: string;
            words: string;
        };
        /** @enum {string} */
        Health: "healthy" | "degraded" | "critical";
        Incident: {
            affectedCalls: number;
            alsoAffects: {
                server: string;
                tool: string;
            }[];
            deploy: {
                /** @description ISO 8601, UTC */
                at: string;
                fromVersion: string;
                toVersion: string;
            } | null;
            /** @description When the evidence was enough */
            detectedAt: string;
            evidence: {
                nats: number;
                neededNats: number;
            } | null;
            /** @description Id of the incident that this one is part of */
            partOf: string | null;
        };
        IssuedToken: {
            /** @description ISO 8601, UTC */
            createdAt: string;
            /** @description For people: who has it, or what for */
            name: string;
            /** @enum {string} */
            scope: "ingest" | "read" | "admin";
            tokenId: string;
            workspace: string;
        };
        Objective: {
            /** @description Below 0 when more than all of it is used */
            budgetLeftPercent: number;
            /** @description How many times as fast as the budget allows, by window */
            burnRates: {
                [key: string]: number;
            };
            /** @description Within the window */
            calls: number;
            goodPercent: number | null;
            /** @description Whether it comes from the settings, which only their file changes */
            isFixed: boolean;
            name: string;
            /** @description Calls that are to be good, % */
            objectivePercent: number;
            server: string;
            /** @description Empty for the whole server */
            tool: string;
            windowDays: number;
            /** @description A good call takes no longer; absent: it does not fail */
            withinMs?: number;
        };
        Overview: {
            /** @description Not resolved */
            activeAlerts: number;
            /** @description Not resolved, the 50 worst */
            alerts: components["schemas"]["Alert"][];
            /** @description ISO 8601, UTC */
            at: string;
            callsPerMinute: number;
            /** @description Of the last 24 hours, newest first */
            changes: components["schemas"]["Change"][];
            /** @description Of these, those whose condition holds now */
            firingAlerts: number;
            /** @description In the last hour */
            recentAnomalies: number;
            /** @description Worst health first */
            servers: components["schemas"]["ServerOverview"][];
            /** @description ISO 8601, UTC */
            sparkFrom: string;
            systemHealth: components["schemas"]["Health"];
            /** @description The ten tools that took most of the last hour */
            timeShares: components["schemas"]["ToolStats"][];
            totals: components["schemas"]["CallStats"];
        };
        Policy: {
            appliedAt: string;
            appliedBy: string;
            expiresAt: string;
            outcome?: {
                at: string;
                by: string;
                changes: {
                    after: number;
                    before: number;
                    changePercent: number;
                    interval: [
                        number,
                        number
                    ] | null;
                    metric: string;
                    tool: string;
                    verdict: string;
                }[];
                reason: string;
            };
            previousVersion: number | null;
            server: string;
            state: string;
            strategy: string;
            target: string;
            tools: {
                controls: {
                    [key: string]: unknown;
                };
                tool: string;
            }[];
            version: number;
            watchUntil: string;
            why: string;
        };
        PolicyInForce: {
            /** @description ISO 8601, UTC */
            appliedAt: string;
            appliedBy: string;
            controls: {
                control: string;
                settings: {
                    [key: string]: number | string;
                };
                /** @description `*`: those that are not named */
                tool: string;
            }[];
            /** @description ISO 8601, UTC */
            expiresAt: string;
            server: string;
            /** @enum {string} */
            state: "watching" | "kept";
            version: number;
            why: string;
        };
        RecentError: {
            /** @description ISO 8601, UTC */
            at: string;
            code: string;
            errorClass: string;
            /** @description Only where the author of the server opted in */
            message: string | null;
            server: string;
            tool: string;
        };
        ReplicaAdvice: {
            cpuMsPerCall: {
                high: number;
                low: number;
                value: number;
            } | null;
            /** @description Alive now */
            instances: number;
            /** @description At the peak */
            now: components["schemas"]["ExpectedLoad"] | null;
            /** @description 0: measured */
            peakDaysAhead: number;
            peakPerSecond: {
                high: number;
                low: number;
                value: number;
            } | null;
            /** @description At the peak, with those that are recommended */
            planned: components["schemas"]["ExpectedLoad"] | null;
            reasons: string[];
            recommended: {
                high: number;
                low: number;
                value: number;
            } | null;
            server: string;
            /** @enum {string} */
            verdict: "add" | "remove" | "keep" | "would_not_help" | "not_enough_data";
        };
        Resources: {
            /** @description ISO 8601, UTC */
            at: string;
            /** @description Of one core, all processes of the server together */
            cpuPercentAvg: number;
            cpuPercentMax: number;
            diskIoKb: number;
            eventLoopDelayMsAvg: number;
            eventLoopDelayMsMax: number;
            memoryMbAvg: number;
            memoryMbMax: number;
            /** @description Of the limit of its container, else of the machine */
            memoryPercentAvg: number;
            memoryPercentMax: number;
        };
        Saving: {
            action: string;
            /** @description What has to be so for the numbers to hold */
            assumption: string;
            cpuSeconds: number;
            /** @enum {string} */
            kind: "paging" | "smaller_results" | "caching" | "measure_results";
            /** @description By name of the model, in the currency */
            prices: {
                [key: string]: number;
            };
            server: string;
            /** @description Estimated from bytes */
            tokens: number;
            /** @description Empty: all of the server */
            tool: string;
            totalMs: number;
        };
        Server: {
            /** @description Samples that its SDKs lost, by reason */
            dropped: {
                [key: string]: number;
            };
            /** @description ISO 8601, UTC */
            firstSeenAt: string;
            hosts: string[];
            /** @description ISO 8601, UTC */
            lastSeenAt: string;
            liveInstances: number;
            name: string;
            version: string;
        };
        ServerFigures: {
            activeAlerts: number;
            /** @description ms */
            avgMs: number;
            calls: number;
            callsPerSecond: number;
            /** @description % */
            errorRatePercent: number;
            errors: number;
            healthScore: number;
            instances: number;
            /** @description ms */
            maxMs: number;
            /** @description ms */
            p50Ms: number;
            /** @description ms */
            p95Ms: number;
            /** @description ms */
            p99Ms: number;
            resources: {
                /** @description Of one core */
                cpuPercent: number;
                cpuPercentMax: number;
                eventLoopDelayMs: number;
                eventLoopDelayMsMax: number;
                memoryMb: number;
                memoryPercentMax: number;
            } | null;
            server: string;
            status: components["schemas"]["Health"];
        };
        ServerOverview: {
            activeAlerts: number;
            avgResponseTimeMs: number;
            /** @description In the last hour, as are the others */
            calls: number;
            /** @description In the last five minutes */
            callsPerMinute: number;
            errorRatePercent: number;
            /** @description 0 to 100 */
            healthScore: number;
            /** @description ISO 8601, UTC */
            lastSeenAt: string;
            liveInstances: number;
            name: string;
            p95Ms: number;
            /** @description One value a minute, 60 of them */
            spark: {
                avgMs: (number | null)[];
                calls: number[];
                errors: number[];
            };
            status: components["schemas"]["Health"];
            version: string;
        };
        Silence: {
            by: string;
            /** @description ISO 8601, UTC */
            from: string;
            reason: string;
            /** @description `*` stands for anything */
            server: string;
            silenceId: string;
            tool: string;
            /** @description ISO 8601, UTC */
            until: string;
        };
        Threshold: {
            enabled: boolean;
            /** @description Whether it was set, and you may take that back */
            isRemovable: boolean;
            /** @enum {string} */
            metric: "response_time" | "error_rate" | "cpu" | "memory";
            /** @description Empty: all servers */
            server: string;
            /** @enum {string} */
            severity: "warning" | "critical";
            /** @description ms for response_time, % for the others */
            threshold: number;
            thresholdId: string;
            /** @description Empty: all tools */
            tool: string;
        };
        Timeline: {
            avgMs: (number | null)[];
            calls: number[];
            errors: number[];
            /** @description ISO 8601, UTC */
            from: string;
            heatmap: {
                /** @description Upper ends in ms, ascending, evenly spaced by their logarithm */
                boundsMs: number[];
                /** @description Per step the calls of each row */
                steps: number[][];
            } | null;
            maxMs: (number | null)[];
            /** @description Counts by outcome; those that never occurred are absent */
            outcomes: {
                [key: string]: number[];
            };
            p50Ms: (number | null)[];
            p95Ms: (number | null)[];
            p99Ms: (number | null)[];
            stepSeconds: number;
            summary: components["schemas"]["CallStats"];
            /** @description ISO 8601, UTC */
            to: string;
        };
        ToolCost: {
            calls: number;
            /** @description Estimated by the time of calls; null where the server does not report its processor */
            cpu: {
                msPerCall: number;
                seconds: number;
            } | null;
            maxMs: number;
            meanMs: number;
            /** @description Null where results are not measured */
            results: {
                bytes: number;
                maxBytes: number;
                meanBytes: number;
                measuredCalls: number;
                p95Bytes: number;
                /** @description By name of the model, in the currency */
                prices: {
                    [key: string]: number;
                };
                /** @description Estimated from bytes */
                tokens: number;
                /** @description Estimated from bytes */
                tokensPerCall: number;
            } | null;
            server: string;
            tool: string;
            totalMs: number;
        };
        ToolStats: {
            /** @description ms */
            avgMs: number;
            calls: number;
            /** @description % */
            errorRatePercent: number;
            errors: number;
            /** @description ms */
            maxMs: number;
            /** @description ms */
            p50Ms: number;
            /** @description ms */
            p95Ms: number;
            /** @description ms */
            p99Ms: number;
            server: string;
            /** @description % of the time of all tools */
            sharePercent: number;
            tool: string;
            /** @description ms, all calls together */
            totalMs: number;
        };
    };
    responses: never;
    parameters: {
        /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
        workspace: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getAlertQuality: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        alerts: number;
                        days: number;
                        false: number;
                        falseAlarmPercent: number | null;
                        meanMinutesToEnd: number | null;
                        useful: number;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAlertRules: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rules: components["schemas"]["AlertRule"][];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAlertRulesName: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        removed: boolean;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAlerts: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Only those still open then or later; ISO 8601 */
                from?: string;
                limit?: number;
                /** @description Without `from`: only those still open so long before `to`, or now */
                minutes?: number;
                /** @description Default: all servers */
                server?: string;
                severity?: "warning" | "critical";
                status?: "unresolved" | "all" | "active" | "acknowledged" | "escalated" | "resolved";
                /** @description Only those raised before; ISO 8601 */
                to?: string;
                tool?: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        alerts: components["schemas"]["Alert"][];
                        /** @description Null on the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAlertsIdFeedback: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    feedback: "useful" | "false";
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        alertId: string;
                        feedback: ("useful" | "false") | null;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAnalysisCost: {
        parameters: {
            query?: {
                /** @description ISO 8601; default: `minutes` before `to` */
                from?: string;
                minutes?: number;
                /** @description Default: all servers */
                server?: string;
                /** @description ISO 8601, exclusive; default: now */
                to?: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CostReport"];
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAnalysisDashboard: {
        parameters: {
            query?: {
                /** @description Names of custom metrics, with commas between */
                customMetrics?: string;
                predictions?: string;
                range?: "live" | "hour" | "day" | "week" | "month";
                recommendations?: string;
                /** @description Default: all servers */
                server?: string;
                type?: "overview" | "detailed" | "automation" | "system";
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnalysisDashboard"];
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAnalysisDocument: {
        parameters: {
            query?: {
                /** @description Names of custom metrics, with commas between */
                customMetrics?: string;
                format?: "html" | "pdf";
                predictions?: string;
                range?: "live" | "hour" | "day" | "week" | "month";
                recommendations?: string;
                /** @description s after which a browser asks again */
                refresh?: number;
                /** @description Default: all servers */
                server?: string;
                type?: "overview" | "detailed" | "automation" | "system";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                    "text/html; charset=utf-8": string;
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAnalysisReplicas: {
        parameters: {
            query?: {
                /** @description Default: all servers */
                server?: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        replicas: components["schemas"]["ReplicaAdvice"][];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAnomalies: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description ISO 8601; default: `minutes` before `to` */
                from?: string;
                limit?: number;
                /** @description Length of the range without `from` */
                minutes?: number;
                /** @description Default: all servers */
                server?: string;
                /** @description ISO 8601, exclusive; default: now */
                to?: string;
                tool?: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        anomalies: components["schemas"]["Anomaly"][];
                        /** @description Null on the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAnomaliesId: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        anomaly: components["schemas"]["Anomaly"];
                        minutes: components["schemas"]["ExplainedMinute"][];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAudit: {
        parameters: {
            query?: {
                action?: "threshold.set" | "threshold.removed" | "alert_rule.set" | "alert_rule.removed" | "alert.acknowledged" | "alert.judged" | "silence.added" | "silence.ended" | "objective.set" | "objective.removed" | "channel.tested" | "benchmark.started" | "benchmark.ended" | "monitor.started" | "policy.applied" | "policy.undone" | "policy.kept" | "policy.expired" | "token.created" | "token.revoked";
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description ISO 8601; default: `minutes` before `to` */
                from?: string;
                limit?: number;
                /** @description Length of the range without `from` */
                minutes?: number;
                /** @description Default: all servers */
                server?: string;
                /** @description ISO 8601, exclusive; default: now */
                to?: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entries: components["schemas"]["AuditEntry"][];
                        /** @description Null on the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    cancelCall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It ends */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        cancelled?: true;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getChannels: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        channels: {
                            counts: {
                                [key: string]: number;
                            };
                            error?: string;
                            /** @description In a row */
                            failures: number;
                            name: string;
                            waiting: number;
                        }[];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postChannelsIdTest: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        sent: boolean;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getComparison: {
        parameters: {
            query: {
                from: string;
                minutes: number;
                /** @description With it, `from` and `to` are versions of this server */
                server?: string;
                to: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        from: string;
                        isWorse: boolean;
                        to: string;
                        tools: {
                            calls: [
                                number,
                                number
                            ];
                            errorPercent: components["schemas"]["Compared"];
                            p50Ms: components["schemas"]["Compared"];
                            p95Ms: components["schemas"]["Compared"];
                            tool: string;
                        }[];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDeploys: {
        parameters: {
            query?: {
                /** @description ISO 8601; default: `minutes` before `to` */
                from?: string;
                /** @description Length of the range without `from` */
                minutes?: number;
                /** @description Default: all servers */
                server?: string;
                /** @description ISO 8601, exclusive; default: now */
                to?: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deploys: {
                            /** @description ISO 8601, UTC */
                            at: string;
                            fromVersion: string;
                            server: string;
                            toVersion: string;
                        }[];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDistribution: {
        parameters: {
            query?: {
                /** @description A second span of the same length begins here */
                compareFrom?: string;
                /** @description ISO 8601; default: `minutes` before `to` */
                from?: string;
                kind?: "tool" | "resource" | "prompt" | "method" | "custom" | "wait";
                /** @description Length of the range without `from` */
                minutes?: number;
                /** @description Name of the tool, or of what `kind` says; needs `server`. Default: all tools */
                name?: string;
                /** @description Default: all servers */
                server?: string;
                /** @description ISO 8601, exclusive; default: now */
                to?: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Distribution"];
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getErrors: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                limit?: number;
                /** @description Default: all servers */
                server?: string;
                tool?: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        errors: components["schemas"]["RecentError"][];
                        /** @description Null on the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getForwarding: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        destinations: {
                            counts: {
                                [key: string]: number;
                            };
                            /** @description Why the last try failed */
                            error?: string;
                            /** @description Since the first of them */
                            failingSeconds: number;
                            /** @description In a row */
                            failures: number;
                            /** @description Everything before is there; absent until a server has reported */
                            forwardedUntil?: string;
                            lagMinutes?: number;
                            /** @description What the destination said when it did not take something */
                            lastRefusal?: string;
                            /** @description `otlp` or `remoteWrite` */
                            name: string;
                        }[];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getInFlight: {
        parameters: {
            query?: {
                /** @description Default: all servers */
                server?: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        calls: {
                            count: number;
                            oldestAgeMs: number;
                            server: string;
                            tool: string;
                        }[];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getObjectives: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        objectives: components["schemas"]["Objective"][];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putObjectivesName: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    objectivePercent: number;
                    server: string;
                    tool?: string;
                    /** @default 30 */
                    windowDays?: number;
                    withinMs?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteObjectivesName: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        removed: boolean;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getOptimizations: {
        parameters: {
            query?: {
                limit?: number;
                /** @description Default: all servers */
                server?: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        history: components["schemas"]["Policy"][];
                        inForce: components["schemas"]["Policy"][];
                        processes: {
                            /** @description ISO 8601, UTC */
                            lastSeen: string;
                            permitted: string[];
                            server: string;
                            version: number;
                        }[];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postOptimizationsUndo: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    by: string;
                    server: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getOverview: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getReport: {
        parameters: {
            query?: {
                /** @description As a file to be saved */
                download?: string;
                format?: "markdown" | "json" | "html";
                /** @description ISO 8601; default: `minutes` before `to` */
                from?: string;
                /** @description `daily` and `weekly` compare with the day or week before */
                kind?: "period" | "daily" | "weekly";
                /** @description Length of the range without `from` */
                minutes?: number;
                /** @description Not only tools */
                otherKinds?: string;
                recommendations?: string;
                /** @description Default: all servers */
                server?: string;
                /** @description ISO 8601, exclusive; default: now */
                to?: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                    "text/html; charset=utf-8": string;
                    "text/markdown; charset=utf-8": string;
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getResources: {
        parameters: {
            query: {
                /** @description ISO 8601; default: `minutes` before `to` */
                from?: string;
                /** @description Minutes are kept for a day */
                groupBy?: "minute" | "hour" | "day";
                /** @description Length of the range without `from` */
                minutes?: number;
                server: string;
                /** @description ISO 8601, exclusive; default: now */
                to?: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        resources: components["schemas"]["Resources"][];
                        server: string;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getServers: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        servers: components["schemas"]["Server"][];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        scope: "read" | "admin";
                        /** @description The only one that it sees; null: all */
                        workspace: string | null;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    beginSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description From the address that the collector printed */
                    code: string;
                } | {
                    /** @description Of scope `read` or `admin` */
                    token: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        scope: "read" | "admin";
                        /** @description The only one that it sees; null: all */
                        workspace: string | null;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        ended: true;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createSessionCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @default admin
                     * @enum {string}
                     */
                    scope?: "read" | "admin";
                    /** @description The only one that the session sees */
                    workspace?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSettings: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        settings: {
                            description: string;
                            /** @description The environment variable that sets it */
                            environment: string;
                            isDefault: boolean;
                            path: string;
                            /** @description JSON; what may hold a secret is shown without it */
                            value: unknown;
                        }[];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSilences: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        silences: components["schemas"]["Silence"][];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSilences: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    by: string;
                    minutes: number;
                    /** @default  */
                    reason?: string;
                    server: string;
                    /** @default * */
                    tool?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Silence"];
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteSilencesId: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ended: boolean;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getStream: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getThresholdProposals: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        proposals: {
                            current: number | null;
                            hours: number;
                            hoursAboveCurrent: number;
                            hoursAboveProposed: number;
                            /** @enum {string} */
                            metric: "response_time" | "error_rate" | "cpu" | "memory";
                            proposed: number;
                            /** @description Empty: all servers */
                            server: string;
                            /** @enum {string} */
                            severity: "warning" | "critical";
                            /** @description Empty: all tools */
                            tool: string;
                        }[];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getThresholds: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        thresholds: components["schemas"]["Threshold"][];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteThresholdsId: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        removed: boolean;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getTimeline: {
        parameters: {
            query?: {
                /** @description ISO 8601; default: `minutes` before `to` */
                from?: string;
                /** @description Whether calls by duration are wanted as well */
                heatmap?: "true" | "false";
                kind?: "tool" | "resource" | "prompt" | "method" | "custom" | "wait";
                /** @description Length of the range without `from` */
                minutes?: number;
                /** @description Name of the tool, or of what `kind` says; needs `server`. Default: all tools */
                name?: string;
                /** @description Steps at most */
                points?: number;
                /** @description Default: all servers */
                server?: string;
                /** @description ISO 8601, exclusive; default: now */
                to?: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getTokens: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tokens: components["schemas"]["IssuedToken"][];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postTokens: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description For people: who has it, or what for */
                    name: string;
                    /** @enum {string} */
                    scope: "ingest" | "read" | "admin";
                    workspace: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        issued: components["schemas"]["IssuedToken"];
                        /** @description Shown once, and kept nowhere */
                        token: string;
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteTokensId: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        revoked: components["schemas"]["IssuedToken"];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getTools: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description ISO 8601; default: `minutes` before `to` */
                from?: string;
                kind?: "tool" | "resource" | "prompt" | "method" | "custom" | "wait";
                limit?: number;
                /** @description Length of the range without `from` */
                minutes?: number;
                /** @description Greatest first */
                orderBy?: "totalMs" | "calls" | "p95Ms" | "errorRatePercent" | "errors" | "avgMs" | "p50Ms" | "p99Ms" | "maxMs";
                /** @description Default: all servers */
                server?: string;
                /** @description ISO 8601, exclusive; default: now */
                to?: string;
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Null on the last page */
                        nextCursor: string | null;
                        tools: components["schemas"]["ToolStats"][];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    callTool: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path: {
                name: "track_performance" | "get_metrics" | "detect_anomalies" | "set_alert_threshold" | "get_active_alerts" | "acknowledge_alert" | "generate_performance_report" | "get_performance_dashboard" | "monitor_performance" | "analyze_bottlenecks" | "optimize_resources" | "set_performance_alert" | "get_analysis_dashboard" | "analyze_performance_trends" | "benchmark_tool";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description A result as of `tools/call`; `isError` where the tool refused */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        content: Record<string, never>[];
                        isError?: boolean;
                        structuredContent?: Record<string, never>;
                    };
                    "application/x-ndjson": string;
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWorkspaces: {
        parameters: {
            query?: {
                /** @description Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees */
                workspace?: components["parameters"]["workspace"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        workspaces: {
                            servers: number;
                            workspace: string;
                        }[];
                    };
                };
            };
            /** @description What was wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}
