/// What operators see: log lines and metrics.
@NullMarked
package dev.pushgate.gateway.observe;

import org.jspecify.annotations.NullMarked;
