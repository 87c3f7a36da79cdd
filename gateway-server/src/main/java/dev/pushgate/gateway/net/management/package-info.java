/// What operators and their tools ask on the management port.
@NullMarked
package dev.pushgate.gateway.net.management;

import org.jspecify.annotations.NullMarked;
