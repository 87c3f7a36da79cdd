/// What several tests of the gateway share.
@NullMarked
package dev.pushgate.gateway.testing;

import org.jspecify.annotations.NullMarked;
