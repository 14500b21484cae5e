"""ValidatingAdmissionPolicies with and without mistakes of type, for many kinds."""

GATEWAYS = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "gateways.types.example.com"},
    "spec": {"group": "types.example.com", "scope": "Namespaced",
             "names": {"kind": "Gateway", "listKind": "GatewayList", "plural": "gateways", "singular": "gateway"},
             "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {
                 "type": "object", "properties": {"spec": {"type": "object", "properties": {
                     "port": {"x-kubernetes-int-or-string": True},
                     "since": {"type": "string", "format": "date-time"},
                     "timeout": {"type": "string", "format": "duration"},
                     "key": {"type": "string", "format": "byte"},
                     "weight": {"type": "number"},
                     "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                     "whatever": {"x-kubernetes-preserve-unknown-fields": True},
                     "named": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "integer"}}},
                     "hosts": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
                     "x-name": {"type": "string"}, "for": {"type": "string"}}}}}}}]}}

# "group/version/resource ...": expressions that are true or false whatever the object is.
EXPRESSIONS = {
    "apps/v1/deployments": """
object.spec.replicas <= 5
object.replicas > 1
object.spec.replicas == '1'
object.spec.replicas > 1.5
object.spec.replicas + 1.0 > 2.0
object.spec.replicas in [1, 2]
object.spec.replicas in ['1']
object.spec.replicas in dyn(['1'])
has(object.spec.paused) && object.spec.paused
has(object.spec.pausd)
!has(object.spec.replicas) || object.spec.replicas > 1
object.?spec.?replicas.orValue(1) == 1
object.?spec.?replica.orValue(1) == 1
object.spec.?replicas.hasValue()
object.?spec.?template.?spec.?containers[?0].?image.orValue('') == ''
object.?spec.?template.?spec.?containers[?0].?imag.orValue('') == ''
object.spec.template.spec.containers.all(c, has(c.securityContext) && c.securityContext.runAsNonRoot)
object.spec.template.spec.containers.all(c, has(c.securityContxt))
object.spec.template.spec.containers.all(c, c.resources.limits['cpu'] == '1')
object.spec.template.spec.containers.all(c, has(c.resources.claims))
object.spec.template.spec.containers.exists(c, c.ports.exists(p, p.containerPort == 80))
object.spec.template.spec.containers.exists(c, c.ports.exists(p, p.containerPort == '80'))
object.spec.template.spec.containers.exists_one(c, c.name.startsWith('a'))
object.spec.template.spec.containers.all(c, c.livenessProbe.httpGet.port == 80)
object.spec.template.spec.containers.all(c, c.livenessProbe.httpGet.ports == 80)
object.spec.template.spec.containers.filter(c, c.image == '').size() == 0
object.spec.template.spec.containers.map(c, c.name).isSorted()
object.spec.template.spec.containers.isSorted()
object.spec.template.spec.containers.map(c, c.image.size()).sum() > 3
object.spec.template.spec.containers.map(c, c.image).sum() > 3
object.spec.template.spec.containers.transformList(i, c, c.name + string(i)).size() > 0
object.spec.template.spec.containers.transformList(i, c, c.name + i).size() > 0
object.metadata.labels.transformMap(k, v, v + 'x').size() > 0
object.spec.template.spec.containers[0].image.matches('^a')
object.spec.template.spec.containers['x'].image == ''
(object.spec.template.spec.containers + object.spec.template.spec.initContainers).all(c, c.name != '')
(object.spec.template.spec.containers.map(c, c.image) + object.spec.template.spec.initContainers.map(c, c.image)).all(i, i != '')
sets.contains(object.spec.template.spec.containers.map(c, c.name), ['a'])
sets.contains(object.spec.template.spec.containers.map(c, c.name), [1])
object.spec.strategy.rollingUpdate.maxSurge == 1
object.spec.strategy.rollingUpdate.maxSurge.startsWith('2')
object.metadata.labels['app'] == 'a'
object.metadata.labels.app == 'a'
object.metadata.labels.app == 1
'app' in object.metadata.labels
1 in object.metadata.labels
object.metadata.labels.exists(k, k == 'a')
object.metadata.labels.exists(k, k > 1)
object.metadata.annotations[?'x'].orValue('') == ''
object.metadata.annotations[?'x'].orValue(1) == 1
size(object.spec.template.spec.containers) > 0
size(object.spec) > 0
object['spec'] != null
'spec' in object
object.spec.exists(k, k == 'x')
object == oldObject
oldObject == null
oldObject != null && oldObject.spec.replicas < object.spec.replicas
oldObject.spec.replica == 1
object.spec == oldObject.spec
object.spec == object.metadata
object.spec == object.status
object.spec.template.spec == null
[object.metadata.name, object.metadata.namespace].all(x, x != '')
[object.metadata.name, object.spec.replicas].size() == 2
[object.spec, object.metadata].size() == 2
{'a': object.spec.replicas, 'b': object.metadata.name}.size() == 2
object.metadata.creationTimestamp < timestamp('2030-01-01T00:00:00Z')
timestamp(object.metadata.creationTimestamp) < timestamp('2030-01-01T00:00:00Z')
object.metadata.creationTimestamp.getFullYear() > 2020
string(object.metadata.creationTimestamp) == ''
object.metadata.creationTimestamp == '2030-01-01T00:00:00Z'
object.metadata.managedFields.all(f, f.manager != '')
object.metadata.managedFields.all(f, has(f.fieldsV1))
object.metadata.managedFields.all(f, has(f.fieldsV1.x))
object.metadata.ownerReferences.all(o, o.controller)
object.metadata.ownerReferences.all(o, o.controler)
object.metadata.namespace == request.namespace
object.metadata.__namespace__ == 'x'
object.metadata.finalizers.all(f, f.startsWith('a'))
object.spec.selector.matchExpressions.all(e, e.operator in ['In'])
object.spec.selector.matchExpressions.all(e, e.values.all(v, v > 1))
object.spec.selector.matchLabels == object.spec.template.metadata.labels
object.spec.selector == object.spec.template.metadata.labels
object.spec.template.spec.nodeSelector.all(k, object.spec.template.spec.nodeSelector[k] == 'x')
object.spec.template.spec.nodeSelector.all(k, object.spec.template.spec.nodeSelector[k] == 1)
object.spec.template.spec.volumes.all(v, !has(v.hostPath))
object.spec.template.spec.volumes.all(v, v.hostPath == null)
object.spec.template.spec.volumes.all(v, v.all(k, k != 'hostPath'))
object.spec.template.spec.volumes.all(v, v.emptyDir.sizeLimit == '1Gi')
object.spec.template.spec.volumes.all(v, v.ephemeral.volumeClaimTemplate.spec.accessModes.size() > 0)
object.spec.template.spec.volumes.all(v, v.ephemeral.volumeClaimTemplate.spec.resources.requests.storage == '')
object.spec.template.spec.tolerations.exists(t, t.tolerationSeconds > 3)
object.spec.template.spec.tolerations.exists(t, t.tolerationSeconds > '3')
object.spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.size() > 0
object.spec.template.spec.securityContext.fsGroup == 1
object.spec.template.spec.securityContext.fsGrp == 1
object.spec.template.spec.hostNetwork || object.spec.template.spec.hostPID
object.spec.template.spec.hostNetwork || object.spec.template.spec.replicas
object.spec.template.spec.hostNetwork ? object.spec.replicas > 1 : object.metadata.name == ''
(object.spec.paused ? object.spec.replicas : object.metadata.name) == dyn(1)
(object.spec.paused ? object.spec.replicas : 0) == 1
object.apiVersion == 'apps/v1' && object.kind == 'Deployment'
object.status.readyReplicas == object.spec.replicas
object.status.conditions.exists(c, c.type == 'Available' && c.status == 'True')
object.status.conditions.exists(c, c.type == 'Available' && c.status)
quantity(object.spec.template.spec.containers[0].resources.requests.memory).isGreaterThan(quantity('1Mi'))
type(object.spec.replicas) == int
type(object.spec) == map
optional.of(object.spec.replicas).hasValue()
optional.of(object.spec).orValue({}) == {}
authorizer.group('apps').resource('deployments').check('get').allowed()
authorizer.requestResource.check('get').allowed()
request.userInfo.username == object.metadata.name
request.userInfo.groups.exists(g, g == object.metadata.name)
request.options.x == object.metadata.name
namespaceObject.metadata.labels['x'] == object.metadata.name
namespaceObject.status.conditions.all(c, c.lastTransitionTime < object.metadata.creationTimestamp)
dyn(object).foo == 1
dyn(object.spec).replicas == 'x'
object.spec.?template.spec.hasValue()
object.spec.template.spec.?hostNetwrok.hasValue()
url(object.metadata.name).getHost() == ''
object.metadata.name.find('[0-9]+') == ''
object.metadata.generation.find('[0-9]+') == ''
ip(object.metadata.name).family() == 4
object.metadata.uid == '' && object.metadata.UID == ''
object.metadata.clusterName == ''
""",
    "/v1/pods apps/v1/deployments apps/v1/statefulsets batch/v1/jobs batch/v1/cronjobs": """
object.metadata.name == ''
object.spec.template.spec.containers.size() > 0
object.spec.containers.size() > 0
bool(object.kind == 'Pod' ? object.spec.hostNetwork : object.spec.template.spec.hostNetwork)
has(object.spec.template) || has(object.spec.containers)
has(object.spec.selector)
object.spec.serviceName == ''
object.spec.jobTemplate.spec.template.spec.containers.size() > 0
object.spec.backoffLimit > 1
""",
    "/v1/pods": """
(object.spec.containers + (has(object.spec.initContainers) ? object.spec.initContainers : [])).all(c, c.name != '')
object.spec.containers.all(c, c.securityContext.capabilities.drop.exists(d, d == 'ALL'))
object.spec.containers.all(c, c.securityContext.capabilities.drop == ['ALL'])
object.spec.containers.all(c, c.securityContext.capabilities.drop == 'ALL')
object.spec.ephemeralContainers.all(c, c.targetContainerName == '')
object.spec.ephemeralContainers.all(c, c.targetContainer == '')
object.spec.containers.all(c, c.env.exists(e, e.valueFrom.secretKeyRef.name == 'a'))
object.spec.containers.all(c, c.env.exists(e, e.valueFrom.secretRef.name == 'a'))
object.spec.overhead['cpu'] == '1'
object.spec.activeDeadlineSeconds > duration('1s')
object.spec.topologySpreadConstraints.all(t, t.labelSelector.matchLabels.size() > 0)
object.status.startTime > timestamp('2020-01-01T00:00:00Z')
object.status.podIPs.all(p, isIP(p.ip))
object.spec.volumes.exists(v, v.projected.sources.exists(s, s.serviceAccountToken.expirationSeconds > 1))
object.metadata.deletionTimestamp == null
object.metadata.deletionGracePeriodSeconds == null
object.metadata.labels == null
object.spec.dnsConfig.options.all(o, o.value == '1')
object.spec.priority > 1u
""",
    "/v1/services": """
object.spec.ports.all(p, p.targetPort == 80)
object.spec.ports.all(p, p.targetPort == 'http')
object.spec.ports.all(p, p.port == 'http')
object.spec.type in ['NodePort']
object.spec.selector.app == 'x'
object.spec.externalIPs.all(i, isIP(i))
object.spec.sessionAffinityConfig.clientIP.timeoutSeconds > 1
object.spec.sessionAffinityConfig.timeoutSeconds > 1
object.status.loadBalancer.ingress.all(i, i.ip == '')
""",
    "/v1/configmaps": """
object.data['x'] == 'y'
object.data.x == 1
object.binaryData['x'] == b'y'
object.binaryData['x'] == 'y'
object.immutable == true
object.spec.x == 1
""",
    "/v1/secrets": """
object.data['a'] == 'b'
object.data['a'] == b'b'
object.data['a'].size() > 3
string(object.data['a']) == 'b'
object.stringData['a'] == 'b'
object.stringData['a'] == b'b'
object.type == 'Opaque'
""",
    "/v1/persistentvolumes /v1/persistentvolumeclaims": """
object.spec.capacity['storage'] == '1Gi'
object.spec.resources.requests['storage'] == '1Gi'
has(object.spec.capacity)
has(object.spec.storageClassName)
object.spec.accessModes.all(m, m == 'ReadWriteOnce')
object.spec.claimRef.name == ''
""",
    "/v1/resourcequotas /v1/limitranges /v1/nodes /v1/namespaces": """
has(object.spec.hard)
has(object.spec.limits)
object.spec.limits.all(l, l.type == 'Pod')
object.spec.limits.all(l, has(l.max))
object.spec.taints.all(t, t.timeAdded < timestamp('2030-01-01T00:00:00Z'))
object.status.allocatable['cpu'] == '1'
object.spec.finalizers.size() > 0
""",
    "networking.k8s.io/v1/ingresses networking.k8s.io/v1/networkpolicies": """
object.spec.rules.all(r, r.http.paths.all(p, p.backend.service.port.number == 80))
object.spec.rules.all(r, r.http.paths.all(p, p.backend.serviceName == ''))
object.spec.tls.size() > 0
object.spec.ingress.all(i, i.ports.all(p, p.port == 80))
object.spec.ingress.all(i, i.from.all(f, f.ipBlock.cidr == ''))
object.spec.ingress.all(i, i.__from__.all(f, f.ipBlock.cidr == ''))
""",
    "apiextensions.k8s.io/v1/customresourcedefinitions": """
object.spec.versions.all(v, v.schema.openAPIV3Schema.type == 'object')
object.spec.versions.all(v, v.schema.openAPIV3Schema.properties['spec'].type == 'object')
object.spec.versions.all(v, 'spec' in v.schema.openAPIV3Schema.properties)
object.spec.versions.all(v, v.schema.openAPIV3Schema.x__dash__kubernetes__dash__embedded__dash__resource == true)
object.spec.versions.all(v, has(v.schema.openAPIV3Schema.default))
object.spec.versions.all(v, has(v.schema.openAPIV3Schema.items))
object.spec.versions.all(v, has(v.schema.openAPIV3Schema.enum))
object.spec.versions.all(v, v.schema.openAPIV3Schema.allOf.all(s, has(s.type)))
object.spec.versions.all(v, v.schema.openAPIV3Schema.allOf.size() == 0)
object.spec.scope == 'Cluster'
object.spec.conversion.webhook.clientConfig.caBundle == b''
object.spec.conversion.webhook.clientConfig.caBundle == ''
""",
    "apps/v1/controllerrevisions": """
has(object.data)
has(object.data.x)
object.revision > 1
""",
    "autoscaling/v2/horizontalpodautoscalers autoscaling/v1/horizontalpodautoscalers": """
object.spec.metrics.size() > 0
object.spec.maxReplicas > 1
object.spec.metrics.all(m, m.resource.target.averageValue == '1')
object.spec.metrics.all(m, m.resource.target.averageUtilization > 1)
""",
    "policy/v1/poddisruptionbudgets coordination.k8s.io/v1/leases certificates.k8s.io/v1/certificatesigningrequests": """
object.spec.minAvailable == '50%'
object.spec.minAvailable == 1
object.spec.renewTime < timestamp('2030-01-01T00:00:00Z')
object.spec.request == b''
object.spec.request == ''
object.spec.extra['a'].size() > 1
""",
    "rbac.authorization.k8s.io/v1/roles rbac.authorization.k8s.io/v1/clusterrolebindings": """
object.rules.all(r, r.verbs.all(v, v != '*'))
object.rules.all(r, r.verb.all(v, v != '*'))
object.roleRef.name == 'cluster-admin'
object.subjects.all(s, s.kind == 'User')
""",
    "admissionregistration.k8s.io/v1/validatingwebhookconfigurations storage.k8s.io/v1/storageclasses": """
object.webhooks.all(w, w.clientConfig.caBundle.size() > 0)
object.webhooks.all(w, w.clientConfig.caBundle.startsWith('a'))
object.parameters['a'] == 'b'
object.provisioner == ''
""",
    "/v1/events": """
object.reason == 'x'
object.involvedObject.kind == 'Pod'
object.regarding.kind == 'Pod'
object.eventTime < timestamp('2030-01-01T00:00:00Z')
""",
    "/v1/deployments": """
object.spec.replicas > 1
object.spec.replica > 1
""",
    "apps/*/deployments": """
object.replicas > 1
""",
    "*/*/*": """
object.replicas > 1
""",
    "/v1/pods/status apps/v1/nothings": """
object.replicas > 1
""",
    "/v1/pods,services,configmaps,secrets,nodes,namespaces,events,endpoints,limitranges,podtemplates,persistentvolumes": """
object.spec.x == 1
object.metadata.name == ''
""",
    "types.example.com/v1/gateways": """
object.spec.port == 80
object.spec.port == 'a'
object.spec.prot == 80
object.spec.since < timestamp('2030-01-01T00:00:00Z')
object.spec.since == ''
object.spec.timeout > duration('1s')
object.spec.timeout == '1s'
object.spec.key == b''
object.spec.key == ''
object.spec.weight > 1.0
object.spec.weight > 1
object.spec.weight == 'a'
has(object.spec.free)
has(object.spec.free.x)
has(object.spec.whatever)
object.spec.whatever == 1
object.spec.named['a'].all(n, n > 1)
object.spec.named['a'].all(n, n > '1')
object.spec.hosts.all(h, h.name == '')
object.spec.hosts.all(h, h.nam == '')
object.spec.x__dash__name == ''
object.spec.__for__ == ''
object.metadata.labels['a'] == 'b'
object.metadata.labls['a'] == 'b'
object.apiVersion == '' && object.kind == ''
object.status.x == 1
""",
}

VARIABLES = [
    {"name": "spec", "expression": "object.spec.template.spec"},
    {"name": "containers", "expression": "object.spec.template.spec.containers"},
    {"name": "images", "expression": "object.spec.template.spec.containers.map(c, c.image)"},
    {"name": "labels", "expression": "object.metadata.labels"},
    {"name": "replicas", "expression": "object.spec.replicas"},
    {"name": "maybe", "expression": "object.spec.?replicas"},
    {"name": "cpu", "expression": "quantity('1')"},
    {"name": "wrong", "expression": "object.spec.templat"},
    {"name": "created", "expression": "object.metadata.creationTimestamp"},
    {"name": "kind", "expression": "type(object.spec.replicas)"},
    {"name": "nested", "expression": "[[object.metadata.name]]"},
]
OF_VARIABLES = """
variables.spec.hostNetwrok == true
variables.containers.all(c, c.imag != '')
variables.images.all(i, i != '')
variables.images.all(i, i > 1)
variables.labels['a'] == 'b'
variables.labels['a'] == 1
variables.replicas > 1
variables.replicas > 'a'
variables.maybe.orValue(1) == 1
variables.maybe.orValue('a') == 'a'
variables.cpu.isLessThan(quantity('1'))
variables.cpu == quantity('1')
variables.cpu > 1
variables.wrong.x == 1
variables.created < timestamp('2030-01-01T00:00:00Z')
variables.created == 'a'
variables.kind == int
variables.nested[0][0] == 'a'
variables.nested[0][0] == 1
"""
# What `params` is, and expressions on it.
PARAMETERS = {
    "v1/ConfigMap": "params.data['a'] == 'b'\nparams.data['a'] == 1\nparams.dat['a'] == 'b'\nparams == null\nparams.metadata.name == object.metadata.name",
    "rules.example.com/v1/Limits": "params.max > 1\nparams.whatever.x == object.spec.x",
}
MESSAGES = {
    "'replicas: ' + string(object.spec.replicas)", "'replicas: ' + object.spec.replicas", "'name: ' + object.metadata.nam",
    "string(object.spec.replicas) + variables.none",
}


def rule_of(text):
    group, version, resources = text.split("/", 2)
    return {"apiGroups": [group], "apiVersions": [version], "operations": ["CREATE"], "resources": resources.split(",")}


def policy_of(name, rules, expressions, **spec):
    return {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": name},
            "spec": spec | {"matchConstraints": {"resourceRules": [rule_of(each) for each in rules.split()]},
                            "validations": [{"expression": each} for each in expressions.strip().splitlines()]}}


def policies():
    for number, (rules, expressions) in enumerate(EXPRESSIONS.items()):
        yield policy_of(f"types-{number}", rules, expressions)
    yield policy_of("types-variables", "apps/v1/deployments", OF_VARIABLES, variables=VARIABLES)
    for number, (kind, expressions) in enumerate(PARAMETERS.items()):
        api_version, _, name = kind.rpartition("/")
        yield policy_of(f"types-parameters-{number}", "apps/v1/deployments", expressions,
                        paramKind={"apiVersion": api_version, "kind": name})
    messages = policy_of("types-messages", "apps/v1/deployments", "")
    messages["spec"]["validations"] = [{"expression": "object.spec.replicas > 1", "messageExpression": each}
                                       for each in sorted(MESSAGES) if "variables" not in each]
    yield messages
