# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Certificates and keys as .NET on Windows has them, for the functions of the reading script, which stand before this text.
function New-Failure([int] $Code) { [Security.Cryptography.CryptographicException]::new($Code) }

class Place {  # CspKeyContainerInfo
    [string] get_ProviderName() { return 'Microsoft RSA SChannel Cryptographic Provider' }
    [string] get_UniqueKeyContainerName() { return 'abc_123' }
    [int] get_KeyNumber() { return 1 }
    [bool] get_MachineKeyStore() { return $true }
}
class CspKey : Security.Cryptography.RSA {
    [object] get_CspKeyContainerInfo() { return [Place]::new() }
    [Security.Cryptography.RSAParameters] ExportParameters([bool] $private) {
        if ($private) { throw 'the private half was asked for' }
        $public = [Security.Cryptography.RSAParameters]::new()
        $public.Modulus = [byte[]] (0, 193, 2)
        $public.Exponent = [byte[]] (1, 0, 1)
        return $public
    }
    [void] ImportParameters([Security.Cryptography.RSAParameters] $public) { }
}
class MutePlace : Place {  # a smart card that is not in its reader tells half of it
    [string] get_UniqueKeyContainerName() { throw (New-Failure 0x80100069) }
}
class MuteKey : CspKey {
    [object] get_CspKeyContainerInfo() { return [MutePlace]::new() }
    [Security.Cryptography.RSAParameters] ExportParameters([bool] $private) { throw (New-Failure 0x80090016) }
}
class Provider { [string] get_Provider() { return 'Microsoft Software Key Storage Provider' } }
class CngPlace {  # CngKey
    [object] get_Provider() { return [Provider]::new() }
    [string] get_UniqueName() { return 'def_456' }
    [bool] get_IsMachineKey() { return $false }
    [byte[]] Export([object] $format) {
        if ("$format" -ne 'ECCPUBLICBLOB') { throw "export of $format" }
        return [byte[]] (69, 67, 83, 49, 2, 0, 0, 0, 10, 11, 12, 13)
    }
}
class CngKey : CspKey { [object] get_Key() { return [CngPlace]::new() } }
class CngCurveKey : Security.Cryptography.ECDsa {
    [object] get_Key() { return [CngPlace]::new() }
    [byte[]] SignHash([byte[]] $hash) { throw 'a signature was made' }
    [bool] VerifyHash([byte[]] $hash, [byte[]] $signature) { throw 'a signature was checked' }
}
# the one that .NET hands out for a CNG key has no container of CryptoAPI
class RsaCng : Security.Cryptography.RSA {
    [object] get_Key() { return [CngPlace]::new() }
    [Security.Cryptography.RSAParameters] ExportParameters([bool] $private) { return ([CspKey]::new()).ExportParameters($private) }
    [void] ImportParameters([Security.Cryptography.RSAParameters] $public) { }
}

class Certificate {
    [object] $Key
    [int] $Code
    [bool] $HasKey = $true
    Certificate([object] $key, [int] $code) { $this.Key = $key; $this.Code = $code }
    [byte[]] get_RawData() { return [byte[]] (48, 0) }
    [bool] get_Archived() { return $true }
    [string] get_FriendlyName() {  # umlaut, quotes, backslash, tabulator, a character of two halves, and too much
        return 'Fr' + [char] 252 + 'nd "1":True, \ ' + [char] 9 + [char] 0xD83D + [char] 0xDD12 + ('x' * 2000)
    }
    [bool] get_HasPrivateKey() { return $this.HasKey }
    [object] get_PrivateKey() {
        if ($this.Code) { throw (New-Failure $this.Code) }
        return $this.Key
    }
}
class Thrower {
    [byte[]] get_RawData() { throw (New-Failure 0x80070005) }
    [bool] get_Archived() { throw (New-Failure 0x80070005) }
    [string] get_FriendlyName() { throw (New-Failure 0x80070005) }
    [bool] get_HasPrivateKey() { throw (New-Failure 0x80070005) }
    [object] get_PrivateKey() { throw 'never asked for' }
}

$without = [Certificate]::new($null, 0)
$without.HasKey = $false
$cases = [ordered] @{
    csp = [Certificate]::new([CspKey]::new(), 0)
    mute = [Certificate]::new([MuteKey]::new(), 0)
    none = $without
    gone = [Certificate]::new($null, 0x80090016)
    denied = [Certificate]::new($null, 0x80070005)
    cng_old = [Certificate]::new($null, 0x80090014)
    null = [Certificate]::new($null, 0)
    cng_opened_at_once = [Certificate]::new([RsaCng]::new(), 0)
    throws = [Thrower]::new()
}
foreach ($name in $cases.Keys) {
    # the classes of .NET 4.6 can't be given a stand-in; here they are as missing as in .NET 4.0
    function Open-StorageProviderKey($Certificate) { }
    "$name`t" + (ConvertTo-Json (Read-Certificate $cases[$name]))
}
function Open-StorageProviderKey($Certificate) { [RsaCng]::new() }
"cng_rsa`t" + (ConvertTo-Json (Read-Certificate ([Certificate]::new($null, 0x80090014))))
function Open-StorageProviderKey($Certificate) { [CngCurveKey]::new() }
"cng_curve`t" + (ConvertTo-Json (Read-Certificate ([Certificate]::new($null, 0x80131515))))
function Open-StorageProviderKey($Certificate) { throw (New-Failure 0x80090016) }
"cng_gone`t" + (ConvertTo-Json (Read-Certificate ([Certificate]::new($null, 0x80090014))))
"csp_denied_twice`t" + (ConvertTo-Json (Read-Certificate ([Certificate]::new($null, 0x80070005))))
