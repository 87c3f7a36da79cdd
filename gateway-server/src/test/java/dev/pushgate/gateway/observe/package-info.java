/// Tests of what the node says about itself.
@NullMarked
package dev.pushgate.gateway.observe;

import org.jspecify.annotations.NullMarked;
