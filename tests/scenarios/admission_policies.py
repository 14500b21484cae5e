"""ValidatingAdmissionPolicies, each for a few properties of the real ones, and the objects that all of them judge."""

DEPLOYMENTS = """
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}]
"""
EVERYTHING = """
  matchConstraints:
    resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"]}]
"""
SERVICES = """
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [services]}]
"""
CONFIG_MAPS = """
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
"""

# name: what is under `spec`.
POLICIES = {
    "variables-may-use-earlier-ones": DEPLOYMENTS + """
  variables:
    - {name: replicas, expression: object.spec.replicas}
    - {name: many, expression: variables.replicas > 4}
    - {name: broken, expression: "object.spec.nothing.at.all == 1"}
    - {name: tier, expression: "object.metadata.?labels['tier'].orValue('none')"}
  validations:
    - {expression: "!variables.many || variables.tier == 'front'", message: too many replicas}
""",
    "the-first-failure-gives-the-message": DEPLOYMENTS + """
  validations:
    - {expression: object.spec.replicas < 100, message: never}
    - {expression: object.spec.replicas < 5, message: "  second  "}
    - {expression: object.spec.replicas < 4, message: third, reason: Forbidden}
""",
    "without-message-the-expression-is-it": DEPLOYMENTS + """
  validations:
    - expression: |
        object.spec.template.spec.containers
          .all(c, c.image.contains('@'))
""",
    "message-expressions-compute": DEPLOYMENTS + """
  variables:
    - {name: limit, expression: "4"}
  validations:
    - expression: object.spec.replicas <= variables.limit
      messageExpression: >-
        '  %s wants %d replicas, %d are allowed: %s '.format([object.metadata.name, object.spec.replicas, variables.limit,
        object.spec.template.spec.containers.map(c, c.name)])
      message: not this
""",
    "messages-of-more-lines-are-not-used": DEPLOYMENTS + """
  validations:
    - {expression: object.spec.replicas <= 4, messageExpression: '"two\\nlines"', message: one line}
""",
    "messages-of-blanks-are-not-used": DEPLOYMENTS + """
  validations:
    - {expression: object.spec.replicas <= 4, messageExpression: "' '", message: words}
""",
    "messages-that-err-are-not-used": DEPLOYMENTS + """
  validations:
    - {expression: object.spec.replicas <= 4, messageExpression: "string(object.spec.nothing.here)", message: this one}
""",
    "messages-that-are-too-long-are-not-used": DEPLOYMENTS + """
  validations:
    - expression: object.spec.replicas <= 4
      messageExpression: "lists.range(2000).map(i, 'long').join(' ')"
      message: short
""",
    "a-condition-that-is-false-ends-it": DEPLOYMENTS + """
  matchConditions:
    - {name: errs, expression: "object.spec.nothing.here == 1"}
    - {name: front, expression: "object.metadata.?labels['tier'].orValue('') == 'front'"}
    - {name: never, expression: "object.spec.replicas > 1000"}
  validations:
    - {expression: "false"}
""",
    "a-condition-that-errs-decides-nothing": DEPLOYMENTS + """
  matchConditions:
    - {name: front, expression: "object.metadata.?labels['tier'].orValue('') == 'front'"}
    - {name: label, expression: "object.metadata.labels.owner == 'me'"}
  validations:
    - {expression: "false", message: matched}
""",
    "conditions-choose-quietly": DEPLOYMENTS + """
  matchConditions:
    - {name: large, expression: object.spec.replicas > 4}
    - {name: front, expression: "object.metadata.?labels['tier'].orValue('') == 'front'"}
  validations:
    - {expression: "object.metadata.name.startsWith('front')", message: large fronts are called so}
""",
    "what-errs-is-no-pass": DEPLOYMENTS + """
  validations:
    - {expression: "object.spec.template.metadata.labels.tier != 'front'"}
""",
    "a-failure-counts-beside-an-error": DEPLOYMENTS + """
  validations:
    - {expression: "object.metadata.annotations.owner != ''"}
    - {expression: object.spec.replicas < 4, message: replicas}
""",
    "errors-are-absorbed": DEPLOYMENTS + """
  validations:
    - expression: object.spec.nothing.here == 1 || object.spec.replicas < 4
    - expression: "!(object.spec.nothing.here == 1 && object.spec.replicas < 4)"
    - expression: object.spec.template.spec.containers.exists(c, c.securityContext.privileged == false)
""",
    "labels-of-objects-select": """
  matchConstraints:
    resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE], resources: [deployments, services]}]
    objectSelector:
      matchLabels: {team: shop}
      matchExpressions:
        - {key: tier, operator: In, values: [front, back]}
        - {key: legacy, operator: DoesNotExist}
  validations: [{expression: "object.kind != 'Service'", message: selected}]
""",
    "labels-may-be-missing": """
  matchConstraints:
    resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE], resources: [deployments]}]
    objectSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [back]}]}
  validations: [{expression: "object.metadata.name == 'bare'", message: not bare}]
""",
    "resources-can-be-left-out": """
  matchConstraints:
    resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE], resources: ["*"]}]
    excludeResourceRules:
      - {apiGroups: [apps], apiVersions: ["*"], operations: [CREATE], resources: [deployments]}
      - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps], resourceNames: [networks]}
      - {apiGroups: [""], apiVersions: [v1], operations: [UPDATE], resources: [services]}
  validations: [{expression: "object.kind in ['ConfigMap', 'ClusterRole']", message: included}]
""",
    "rules-name-objects": """
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps, services],
                     resourceNames: [networks, balanced]}]
  validations: [{expression: "object.kind == 'Service'", message: named}]
""",
    "scope-of-clusters": """
  matchConstraints:
    resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE], resources: ["*/*"], scope: Cluster}]
  validations: [{expression: "object.kind != 'ClusterRole' || object.rules.all(r, !('*' in r.verbs))", message: every verb}]
""",
    "scope-of-namespaces": """
  matchConstraints:
    resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE], resources: ["*"], scope: Namespaced}]
  validations: [{expression: "request.namespace != 'payments'", message: not there}]
""",
    "sub-resources-are-not-the-resource": """
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments/scale, "*/status"]}]
  validations: [{expression: "false"}]
""",
    "other-versions-match-nothing": """
  matchConstraints:
    matchPolicy: Exact
    resourceRules: [{apiGroups: [autoscaling], apiVersions: [v2], operations: [CREATE], resources: [horizontalpodautoscalers]}]
  validations: [{expression: "object.spec.metrics.size() == 0", message: metrics}]
""",
    "requests-are-known": EVERYTHING + """
  validations:
    - {expression: "request.operation == 'CREATE' && oldObject == null"}
    - {expression: request.kind.kind == object.kind}
    - {expression: "object.apiVersion == (request.kind.group == '' ? '' : request.kind.group + '/') + request.kind.version"}
    - {expression: "request.resource.resource != 'networkpolicies'", message: policies of networks}
    - {expression: "request.name == object.metadata.name"}
    - {expression: "request.?namespace.orValue('') == object.metadata.?namespace.orValue('')"}
""",
    "optional-chains": DEPLOYMENTS + """
  validations:
    - expression: >-
        object.spec.template.spec.containers.all(c, c.?securityContext.?capabilities.?drop.orValue([]).exists(d, d == 'ALL'))
      message: drop ALL
    - expression: >-
        object.spec.template.spec.?securityContext.?runAsNonRoot.or(optional.of(true)).value()
        && object.?metadata.?annotations[?'acme/owner'].hasValue() == ('acme/owner' in object.metadata.?annotations.orValue({}))
    - {expression: "object.spec.template.spec.containers[?1].optMap(c, c.name != 'sidecar').orValue(true)", message: second}
""",
    "quantities": DEPLOYMENTS + """
  variables:
    - name: limits
      expression: object.spec.template.spec.containers.map(c, c.?resources.?limits.orValue({}))
  validations:
    - expression: variables.limits.all(l, !('memory' in l) || quantity(l['memory']).compareTo(quantity('1Gi')) <= 0)
      messageExpression: "'memory: ' + variables.limits.map(l, l.?memory.orValue('none')).join(', ')"
    - {expression: "variables.limits.all(l, !has(l.cpu) || quantity(l.cpu).isLessThan(quantity('1500m').add(1)))", message: cpu}
    - {expression: "isQuantity('12Ki') && !isQuantity('12KiB') && quantity('2k').asInteger() == 2000"}
""",
    "addresses": CONFIG_MAPS + """
  validations:
    - expression: >-
        object.?data.orValue({}).all(k, !k.startsWith('ip') || (isIP(object.data[k]) && cidr('10.0.0.0/8').containsIP(object.data[k])))
      message: addresses are of 10.0.0.0/8
    - expression: >-
        object.?data.orValue({}).all(k, !k.startsWith('cidr') || (isCIDR(object.data[k])
        && cidr(object.data[k]).prefixLength() >= 16 && cidr(object.data[k]).masked() == cidr(object.data[k])))
      message: networks
    - {expression: "ip.isCanonical('2001:db8::1') && ip('::1').isLoopback() && ip('10.1.2.3').family() == 4"}
""",
    "texts": CONFIG_MAPS + """
  validations:
    - expression: >-
        object.?data.orValue({}).all(k, k.matches('^[a-z][a-z0-9.]*$') && k.lowerAscii() == k && k.find('[0-9]+').size() < 3)
      message: keys
    - expression: "!('url' in object.?data.orValue({})) || (isURL(object.data.url) && url(object.data.url).getScheme() == 'https')"
      message: addresses are of https
    - expression: "!('version' in object.?data.orValue({})) || !semver(object.data.version).isLessThan(semver('1.20.0'))"
      messageExpression: "'version ' + object.data.version + ' is too old'"
    - {expression: "!format.dns1123Label().validate(object.metadata.name).hasValue()"}
""",
    "lists-and-sets": SERVICES + """
  validations:
    - expression: object.spec.ports.map(p, p.port).isSorted() && object.spec.ports.map(p, p.port).max() < 9000
      message: ports
    - {expression: "sets.contains(['ClusterIP', 'ExternalName'], [object.spec.type])", messageExpression: "'type ' + object.spec.type"}
    - expression: object.spec.ports.all(i, p, p.port > 0 && i < 3)
    - expression: >-
        object.spec.ports.all(p, type(p.targetPort) == int ? p.targetPort > 1000 : p.targetPort != '')
      messageExpression: "object.spec.ports.map(p, string(p.targetPort)).join(' ')"
    - expression: object.spec.ports.transformMap(i, p, p.port).all(k, v, k + 1 < v) && object.spec.ports.sortBy(p, p.port)[0].port > 1
""",
    "ignoring-errors-is-no-verdict": DEPLOYMENTS + """
  failurePolicy: Ignore
  validations:
    - {expression: object.spec.replicas < 4, message: replicas}
    - {expression: "object.metadata.annotations['acme/owner'] == 'me'", message: owner}
""",
    "numbers-compare-across-types": DEPLOYMENTS + """
  validations:
    - {expression: "object.spec.replicas < 4.5 && object.spec.replicas in [1, 2, 3]", message: numbers}
    - {expression: "double(object.spec.replicas) / 2.0 < 10.0 && object.spec.replicas % 2 == 1"}
""",
}

# Optionals that variables hold: the API server finds no field in them, we do (and exports are written accordingly).
POLICIES["fields-of-optionals-in-variables"] = DEPLOYMENTS + """
  variables:
    - {name: context, expression: "object.spec.template.spec.?securityContext"}
    - {name: tier, expression: "object.metadata.?labels.?tier"}
  validations:
    - {expression: "variables.context.?runAsNonRoot.orValue(false) == true", message: root}
    - {expression: "dyn(variables.context).?runAsNonRoot.orValue(false) == true", message: root}
    - {expression: "variables.context.hasValue() || variables.tier.orValue('') == ''", message: tier}
"""

# Every one is judged by every policy.
OBJECTS = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: front, namespace: shop, labels: {team: shop, tier: front}, annotations: {owner: me, acme/owner: me}}
spec:
  replicas: 9
  selector: {matchLabels: {app: front}}
  template:
    metadata: {labels: {app: front, tier: front}}
    spec:
      securityContext: {runAsNonRoot: true}
      containers:
        - name: app
          image: registry.example.com/front@sha256:0123456789012345678901234567890123456789012345678901234567890123
          securityContext: {privileged: false, capabilities: {drop: [ALL]}}
          resources: {limits: {memory: 512Mi, cpu: "1"}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: large, namespace: shop, labels: {team: shop, tier: front, legacy: "yes", owner: you}}
spec:
  replicas: 6
  selector: {matchLabels: {app: large}}
  template:
    metadata: {labels: {app: large}}
    spec:
      containers:
        - name: app
          image: registry.example.com/large:1.2
          resources: {limits: {memory: 2Gi, cpu: 2500m}}
        - name: sidecar
          image: registry.example.com/sidecar@sha256:0123456789012345678901234567890123456789012345678901234567890123
          securityContext: {privileged: true, capabilities: {drop: [NET_RAW]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: back, namespace: payments, labels: {team: shop, tier: back, owner: me}, annotations: {owner: ""}}
spec:
  replicas: 3
  selector: {matchLabels: {app: back}}
  template:
    metadata: {labels: {app: back, tier: back}}
    spec:
      securityContext: {runAsNonRoot: false}
      containers:
        - name: app
          image: registry.example.com/back@sha256:0123456789012345678901234567890123456789012345678901234567890123
          securityContext: {capabilities: {drop: [ALL]}}
          resources: {limits: {memory: "1073741825"}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: bare, namespace: bare}
spec:
  replicas: 5
  selector: {matchLabels: {app: bare}}
  template:
    metadata: {labels: {app: bare}}
    spec: {containers: [{name: app, image: bare}]}
---
apiVersion: v1
kind: Service
metadata: {name: balanced, namespace: shop, labels: {team: shop, tier: back}}
spec:
  type: LoadBalancer
  selector: {app: front}
  ports: [{name: a, port: 443, targetPort: 8443}, {name: b, port: 9443, targetPort: admin}]
---
apiVersion: v1
kind: Service
metadata: {name: plain, namespace: payments, labels: {team: payments}}
spec:
  type: ClusterIP
  selector: {app: back}
  ports: [{name: a, port: 80, targetPort: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: backs, namespace: payments, labels: {team: shop, tier: back}}
spec:
  type: ClusterIP
  selector: {app: back}
  ports: [{name: a, port: 2, targetPort: 8080}, {name: b, port: 80, targetPort: web}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: networks, namespace: shop}
data: {ip: 10.1.2.3, ip2: 192.168.1.1, cidr: 10.1.0.0/16, url: "https://example.com/x?y=1", version: 1.19.9}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: good.addresses, namespace: payments}
data: {ip: 10.1.2.3, cidr: "2001:db8::/32", url: "http://example.com", version: 1.20.0}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: odd, namespace: bare}
data: {ip6: "fd00::1", cidr: 10.1.2.3/8, Upper: x, version: "1.2"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: empty, namespace: bare}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ruler}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: payments}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: scale, namespace: shop}
spec:
  maxReplicas: 3
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: front}
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
---
apiVersion: v1
kind: Namespace
metadata: {name: fresh, labels: {team: shop}}
"""

# Where the objects lie.
NAMESPACES = {"shop": {"team": "shop", "stage": "production"}, "payments": {"team": "payments"}, "bare": {}, "settings": {}}

# Policies with their bindings and parameters.
BOUND = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: limited}
spec:
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}]
  matchConditions:
    - {name: concerned, expression: "params.data.?tier.orValue('') == '' || object.metadata.?labels.?tier.orValue('') == params.data.tier"}
  variables:
    - {name: limit, expression: int(params.data.limit)}
  validations:
    - expression: object.spec.replicas <= variables.limit
      messageExpression: "'at most ' + string(variables.limit) + ' by ' + params.metadata.name + ' of ' + params.kind"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: limited-by-name}
spec:
  policyName: limited
  validationActions: [Audit]
  paramRef: {name: limits, namespace: settings, parameterNotFoundAction: Deny}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: limited-by-selector}
spec:
  policyName: limited
  validationActions: [Audit]
  paramRef:
    namespace: settings
    parameterNotFoundAction: Deny
    selector: {matchLabels: {use: limits}, matchExpressions: [{key: old, operator: DoesNotExist}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: limited-where-it-is}
spec:
  policyName: limited
  validationActions: [Audit]
  paramRef: {name: limits, parameterNotFoundAction: Allow}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: limited-to-nothing}
spec:
  policyName: limited
  validationActions: [Audit]
  paramRef: {name: none, namespace: settings, parameterNotFoundAction: Allow}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: limited-in-production}
spec:
  policyName: limited
  validationActions: [Audit]
  paramRef: {name: strict, namespace: settings, parameterNotFoundAction: Deny}
  matchResources:
    namespaceSelector: {matchExpressions: [{key: stage, operator: In, values: [production]}]}
    objectSelector: {matchLabels: {team: shop}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: limits, namespace: settings, labels: {use: limits}}
data: {limit: "5"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: strict, namespace: settings, labels: {use: limits}}
data: {limit: "1", tier: front}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: forgotten, namespace: settings, labels: {use: limits, old: "yes"}}
data: {limit: "0"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: limits, namespace: payments}
data: {limit: "2"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: limits, namespace: bare}
data: {limit: many}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: bound-twice}
spec:
  matchConstraints:
    resourceRules:
      - {apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"]}
  validations: [{expression: "object.kind == 'Secret'", message: no secret}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: to-services}
spec:
  policyName: bound-twice
  validationActions: [Audit]
  matchResources:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [services, configmaps]}]
    excludeResourceRules:
      - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps], resourceNames: [odd, empty]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: to-shop}
spec:
  policyName: bound-twice
  validationActions: [Warn, Audit]
  matchResources:
    matchPolicy: Exact
    namespaceSelector: {matchLabels: {team: shop}}
    resourceRules:
      - {apiGroups: [apps], apiVersions: [v1], operations: ["*"], resources: ["*"], scope: Namespaced}
      - {apiGroups: [""], apiVersions: [v1], operations: ["*"], resources: [namespaces]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: optional-parameters}
spec:
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [services]}]
  validations:
    - {expression: "params == null || object.spec.type in params.data.types.split(',')", message: type}
    - {expression: "params != null || object.spec.type != 'LoadBalancer'", message: no balancers without parameters}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: without-parameters}
spec: {policyName: optional-parameters, validationActions: [Audit]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: with-parameters}
spec:
  policyName: optional-parameters
  validationActions: [Audit]
  paramRef: {name: types, namespace: settings, parameterNotFoundAction: Allow}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: types, namespace: settings}
data: {types: "NodePort,LoadBalancer"}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: cluster-parameters}
spec:
  paramKind: {apiVersion: scheduling.k8s.io/v1, kind: PriorityClass}
  matchConstraints:
    resourceRules: [{apiGroups: ["", apps], apiVersions: [v1], operations: [CREATE], resources: [services, deployments]}]
  validations:
    - expression: params.value > 1 || object.metadata.namespace != 'shop'
      messageExpression: "params.metadata.name + ' is of ' + string(params.value)"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: with-cluster-parameters}
spec:
  policyName: cluster-parameters
  validationActions: [Audit]
  paramRef: {selector: {matchLabels: {use: limits}}, parameterNotFoundAction: Deny}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: low, labels: {use: limits}}
value: 1
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: high, labels: {use: limits}}
value: 2
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: namespaces-tell}
spec:
  matchConstraints:
    namespaceSelector: {matchExpressions: [{key: team, operator: Exists}]}
    resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE], resources: ["*"]}]
  variables:
    - {name: stage, expression: "namespaceObject.metadata.labels[?'stage'].orValue('test')"}
  validations:
    - expression: namespaceObject == null || variables.stage != 'production' || has(object.metadata.labels)
      messageExpression: "namespaceObject.metadata.name + ' is ' + variables.stage"
    - {expression: "namespaceObject == null || namespaceObject.metadata.labels['kubernetes.io/metadata.name'] == request.namespace"}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: everywhere-but-payments}
spec:
  policyName: namespaces-tell
  validationActions: [Audit]
  matchResources:
    namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [payments]}]}
"""

# Whose parameters may be missing: what is denied then is no matter of the expressions.
MISSING = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: demanding}
spec:
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints:
    resourceRules: [{apiGroups: ["", apps], apiVersions: [v1], operations: [CREATE], resources: [deployments, namespaces]}]
  validations: [{expression: object.spec.replicas <= int(params.data.limit), message: too many}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: demanding}
spec:
  policyName: demanding
  validationActions: [Audit]
  paramRef: {name: demands, parameterNotFoundAction: Deny}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: demands, namespace: payments}
data: {limit: "2"}
"""

# Policies on objects that change and go, and what becomes of two objects.
CHANGES = {
    "teams-stay": """
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]
  matchConditions: [{name: there-before, expression: oldObject != null}]
  validations:
    - {expression: "object.data.?team == oldObject.data.?team", messageExpression: "'not from ' + oldObject.data.team"}
""",
    "only-updates": """
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [UPDATE], resources: [configmaps]}]
  validations: [{expression: "request.operation == 'UPDATE' && object.data.size() > oldObject.data.size()", message: no growth}]
""",
    "only-deletions": """
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [DELETE], resources: [configmaps]}]
  validations:
    - {expression: "object == null && request.operation == 'DELETE'"}
    - {expression: "!('keep' in oldObject.metadata.?labels.orValue({}))", message: kept}
""",
    "objects-need-data": """
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: ["*"], resources: [configmaps]}]
  validations: [{expression: "object.data.size() > 0"}]
""",
    "selected-before-or-after": """
  matchConstraints:
    objectSelector: {matchLabels: {keep: "yes"}}
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: ["*"], resources: [configmaps]}]
  validations: [{expression: "request.name == 'plain'", message: selected}]
""",
    "people-are-known": """
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: ["*"], resources: [configmaps]}]
  validations:
    - {expression: "request.userInfo.username != 'tester' || !request.dryRun", messageExpression: "request.userInfo.username + ' tries'"}
""",
}
CHANGING = """
apiVersion: v1
kind: ConfigMap
metadata: {name: kept, namespace: shop, labels: {keep: "yes"}}
data: {team: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: plain, namespace: shop}
data: {team: shop}
"""
