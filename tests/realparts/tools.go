//go:build tools

// Package realparts pins the real programs that scenario tests run against.
package realparts

import (
	_ "github.com/distribution/distribution/v3/cmd/registry"
)
