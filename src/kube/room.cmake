seawall_embed(sw_kube kubernetes_schemas ${CMAKE_SOURCE_DIR}/data/kubernetes-schemas.txt)
