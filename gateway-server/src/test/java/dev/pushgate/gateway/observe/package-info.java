/// Tests of the package of the same name.
@NullMarked
package dev.pushgate.gateway.observe;

import org.jspecify.annotations.NullMarked;
