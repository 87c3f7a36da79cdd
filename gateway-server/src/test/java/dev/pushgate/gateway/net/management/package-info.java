/// The management port, tested.
@NullMarked
package dev.pushgate.gateway.net.management;

import org.jspecify.annotations.NullMarked;
